module github.com/activitylog-go/activitylog/exporter

go 1.26.0

require github.com/activitylog-go/activitylog v0.0.0

replace github.com/activitylog-go/activitylog => ../
