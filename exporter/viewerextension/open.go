package viewerextension

import (
	"context"
	"net/http"

	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/viewer"
)

func openReader(ctx context.Context, dsn string) (store.Store, error) {
	return backend.OpenReader(ctx, dsn)
}

func newViewer(s store.Store) http.Handler { return viewer.New(s) }
