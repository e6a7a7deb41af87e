package mapping

import (
	"bytes"
	_ "embed"
)

//go:embed activitylog.schema.json
var schema []byte

// Schema returns the JSON Schema of mapping files, for editors: a file whose
// first line is
//
//	# yaml-language-server: $schema=activitylog.schema.json
//
// is completed and checked while it is written.
func Schema() []byte { return bytes.Clone(schema) }
