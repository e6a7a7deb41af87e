module github.com/activitylog-go/activitylog/exporter/cmd/activitylog

go 1.26.0

require github.com/activitylog-go/activitylog v0.0.0

replace github.com/activitylog-go/activitylog => ../../../

require github.com/activitylog-go/activitylog/middleware/ginactivity v0.0.0

replace github.com/activitylog-go/activitylog/middleware/ginactivity => ../../../middleware/ginactivity

require github.com/activitylog-go/activitylog/exporter v0.0.0

replace github.com/activitylog-go/activitylog/exporter => ../../

require github.com/activitylog-go/activitylog/examples v0.0.0

replace github.com/activitylog-go/activitylog/examples => ../../../examples
