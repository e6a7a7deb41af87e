// This file keeps the folder, and what npm puts into it, out of the module.
module github.com/activitylog-go/activitylog/viewer/e2e

go 1.26.0
