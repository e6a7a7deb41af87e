package api_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/api"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store/memory"
)

type document struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		Parameters []struct{ Name, Description string }
		Responses  map[string]any
	}
	Components struct {
		Schemas map[string]struct {
			Properties map[string]any
			Required   []string
		}
	}
}

func openAPI(t *testing.T) document {
	t.Helper()
	var doc document
	if err := json.Unmarshal(get(api.New(memory.New()), "/v1/openapi.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestOpenAPIRoutes asks the handler for every path of the document.
func TestOpenAPIRoutes(t *testing.T) {
	doc, h := openAPI(t), api.New(newStore(t, 1))
	for path, methods := range doc.Paths {
		target := strings.Replace(path, "{id}", newEvent(0).ID, 1)
		if path == "/v1/facets" {
			target += "?key=event"
		}
		if w := get(h, target); w.Code != http.StatusOK {
			t.Errorf("the document has %s, which answers %d", path, w.Code)
		}
		if len(methods) != 1 || methods["get"].Responses["200"] == nil {
			t.Errorf("%s has methods or answers that the handler has not: %v", path, methods)
		}
	}
	if len(doc.Paths) != 5 {
		t.Errorf("the document has %d paths, the handler 5", len(doc.Paths))
	}
}

func TestOpenAPISchemas(t *testing.T) {
	doc := openAPI(t)
	for name, v := range map[string]any{
		"Event": activitylog.Event{}, "Actor": activitylog.Actor{}, "Party": activitylog.Party{},
		"Target": activitylog.Target{}, "Change": activitylog.Change{}, "Source": activitylog.Source{},
		"HTTP": activitylog.HTTP{}, "Error": api.Error{}, "Count": api.Count{}, "Facet": api.Facet{}, "FacetValue": api.FacetValue{},
	} {
		schema := doc.Components.Schemas[name]
		var all, required []string
		for _, field := range reflect.VisibleFields(reflect.TypeOf(v)) {
			word, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			if word == "-" {
				continue
			}
			all = append(all, word)
			if options == "" {
				required = append(required, word)
			}
		}
		if name == "Event" {
			all = append(all, "skewed") // worked out when an event is encoded
		}
		slices.Sort(all)
		if got := sortedKeys(schema.Properties); !slices.Equal(got, all) {
			t.Errorf("schema %s has %v, the type %v", name, got, all)
		}
		if got := slices.Sorted(slices.Values(schema.Required)); !slices.Equal(got, slices.Sorted(slices.Values(required))) {
			t.Errorf("schema %s requires %v, the type %v", name, got, required)
		}
	}
}

// TestOpenAPIParameters checks that every key of the query language is a
// parameter, in the language's own words.
func TestOpenAPIParameters(t *testing.T) {
	docs := map[string]string{}
	for _, p := range openAPI(t).Paths["/v1/events"]["get"].Parameters {
		docs[p.Name] = p.Description
	}
	for _, key := range query.Keys() {
		if docs[key.Name] != key.Doc {
			t.Errorf("parameter %s is described as %q, the key as %q", key.Name, docs[key.Name], key.Doc)
		}
	}
	for _, name := range []string{"q", "limit", "cursor", "tz"} {
		if docs[name] == "" {
			t.Errorf("parameter %s is missing", name)
		}
	}
}

func sortedKeys(m map[string]any) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
