package viewerextension

import (
	"net/http"

	"go.opentelemetry.io/collector/extension"
)

// NewFactoryWith returns the factory of an extension that opens its store with open.
var NewFactoryWith = newFactory

// HandlerOf returns what e serves.
func HandlerOf(e extension.Extension) http.Handler { return e.(*viewerExtension).handler }
