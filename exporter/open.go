package activitylogexporter

import (
	"context"

	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
)

func openStore(ctx context.Context, dsn string) (store.Store, error) { return backend.Open(ctx, dsn) }

// openExisting opens a store whose schema somebody else has created.
func openExisting(ctx context.Context, dsn string) (store.Store, error) {
	return backend.OpenExisting(ctx, dsn)
}
