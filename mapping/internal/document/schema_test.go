package document_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

const schemaFile = "../../activitylog.schema.json"

// TestSchemaIsFresh checks that the committed schema is that of the types.
func TestSchemaIsFresh(t *testing.T) {
	got := document.Schema()
	if *update {
		if err := os.WriteFile(schemaFile, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not that of the types: run go test ./mapping/internal/document -update", schemaFile)
	}
}

// TestSchemaDescribesEverything checks that an editor can say what each key is for.
func TestSchemaDescribesEverything(t *testing.T) {
	type object struct {
		Properties map[string]struct{ Description string }
	}
	var schema struct {
		object
		Definitions map[string]object
	}
	if err := json.Unmarshal(document.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	if len(schema.Properties) < 13 || len(schema.Definitions) < 9 {
		t.Errorf("%d keys, %d definitions", len(schema.Properties), len(schema.Definitions))
	}
	schema.Definitions["the file"] = schema.object
	for name, o := range schema.Definitions {
		for key, p := range o.Properties {
			if p.Description == "" {
				t.Errorf("%s of %s has no description", key, name)
			}
		}
	}
}
