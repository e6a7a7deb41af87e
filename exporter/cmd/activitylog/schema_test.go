package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/activitylog-go/activitylog/mapping"
)

const root = "../../.."

// validator returns a function that validates YAML against the schema.
func validator(t *testing.T) func(data []byte) error {
	t.Helper()
	text, err := jsonschema.UnmarshalJSON(bytes.NewReader(mapping.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("activitylog.schema.json", text); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("activitylog.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return func(data []byte) error {
		asJSON, err := yaml.YAMLToJSON(data)
		if err != nil {
			return err
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			return err
		}
		return schema.Validate(value)
	}
}

// mappingFiles returns the YAML files of the repository that say a version, as
// only mapping files do, and the blocks of Markdown files that do.
func mappingFiles(t *testing.T) map[string][]byte {
	t.Helper()
	found := make(map[string][]byte)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".git")):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		switch filepath.Ext(path) {
		case ".yaml":
			data, err := os.ReadFile(path)
			if err == nil && saysVersion.Match(data) {
				found[name] = data
			}
			return err
		case ".md":
			data, err := os.ReadFile(path)
			for _, block := range block.FindAllSubmatch(data, -1) {
				if saysVersion.Match(block[1]) {
					found[name+": "+string(block[1][:min(len(block[1]), 60)])] = block[1]
				}
			}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

var (
	saysVersion = regexp.MustCompile(`(?m)^version: `)
	block       = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

// TestSchema checks that every mapping file of the repository is valid, and
// that what the schema refuses the reader refuses as well: an editor must not
// complain of a file that works.
func TestSchema(t *testing.T) {
	validate := validator(t)
	valid, refused := 0, 0
	for name, data := range mappingFiles(t) {
		invalid := validate(data)
		_, wrong := mapping.Parse(name, data)
		if wrong != nil {
			refused++
		}
		switch {
		case invalid == nil:
			valid++
		case !strings.Contains(name, "/testdata/"):
			t.Errorf("%s: %v", name, invalid)
		case wrong == nil:
			t.Errorf("%s: the reader accepts it, the schema does not: %v", name, invalid)
		}
	}
	if valid < 5 || refused < 20 {
		t.Errorf("%d valid files, %d that the reader refuses: where are the others?", valid, refused)
	}
	const every = "mapping/internal/document/testdata/full.yaml"
	data, err := os.ReadFile(filepath.Join(root, every))
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(data); err != nil {
		t.Errorf("%s: %v", every, err)
	}
}

// TestSchemaRefuses checks that an editor marks what is wrong.
func TestSchemaRefuses(t *testing.T) {
	validate := validator(t)
	for _, text := range []string{
		"infer: on",
		"version: 2",
		"version: 1\nrutes: {}",
		"version: 1\ninfer: maybe",
		"version: 1\ninfer: true",
		"version: 1\ntenant: org",
		"version: 1\ntenant: {}",
		"version: 1\nwords: [a]",
		"version: 1\nwords: {a: [b]}",
		"version: 1\nstrip_prefixes: []",
		"version: 1\nstrip_prefixes: v1",
		"version: 1\ninclude: {a: b}",
		"version: 1\nevents: {nocolon: {title: x}}",
		"version: 1\nevents: {'a:b': {titel: x}}",
		"version: 1\nevents: {'a:b': x}",
		"version: 1\nevents: {'a:b': {sentence: {when: {status: 404}}}}",
		"version: 1\nevents: {'a:b': {severity: loud}}",
		"version: 1\nroutes: {/a: {code: 'a:b'}}",
		"version: 1\nroutes: {FETCH /a: {code: 'a:b'}}",
		"version: 1\nroutes: {POST /a: }",
		"version: 1\nroutes: {POST /a: {code: made}}",
		"version: 1\nroutes: {POST /a: {cases: [{when: {status: 404}}]}}",
		"version: 1\nroutes: {POST /a: {cases: [{code: 'a:b', when: {outcome: [sucess]}}]}}",
		"version: 1\nroutes: {POST /a: {target: {typ: x}}}",
		"version: 1\nroutes: {POST /a: {code: 'a:b', changes: {from: body}}}",
	} {
		if validate([]byte(text)) == nil {
			t.Errorf("accepted: %s", text)
		}
		if _, err := mapping.Parse("x.yaml", []byte(text)); err == nil {
			t.Errorf("the reader accepts: %s", text)
		}
	}
}

// TestSchemaAccepts checks that an editor does not mark what is right.
func TestSchemaAccepts(t *testing.T) {
	validate := validator(t)
	for _, text := range []string{
		"version: 1",
		"version: '1'",
		"version: 1\ninfer: ${env:MODE:-on}",
		"version: 1\ninfer: on\nstrip_prefixes: /v1",
		"version: 1\nstrip_prefixes: ['${env:PREFIX:-/v1}', /v2]",
		"version: 1\nevents:\n  a:b:\n  c:d: {title: x, sentence: y}\n  e:f: {sentence: [x, {when: {status: 4xx}, text: y}]}",
		"version: 1\nwords: {1: 2, a: true}",
		"version: 1\nroutes: {POST /a: {cases: {code: '${env:CODE:-a:b}', when: {request: {/n: [1, true, x], /m: 2}}}}}",
	} {
		if err := validate([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
