package openapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/exporter/cmd/activitylog/internal/openapi"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// write writes files, named by the keys, and returns the name of api.yaml.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "docs")
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "api.yaml")
}

func names(list []routes.Route) []string {
	var names []string
	for _, r := range list {
		names = append(names, r.String())
	}
	return names
}

const head = "openapi: 3.0.3\ninfo: {title: API, version: '1'}\n"

func TestRead(t *testing.T) {
	for _, name := range []string{"testdata/api.yaml", "testdata/api.json"} {
		d, err := openapi.Read(name)
		if err != nil {
			t.Error(err)
			continue
		}
		var got []string
		for _, r := range d.Routes {
			got = append(got, fmt.Sprintf("%s:%d: %s %q %q %q", filepath.Base(r.File), r.Line, r, r.Operation, r.Summary, r.Tags))
		}
		base, line := "api.yaml", []int{12, 17, 20, 25}
		if name == "testdata/api.json" {
			base, line = "api.json", []int{13, 19, 22, 30}
		}
		want := []string{
			fmt.Sprintf(`%s:%d: POST /orgs/{org}/members "inviteMember" "Invite a member" ["members" "42"]`, base, line[0]),
			fmt.Sprintf(`%s:%d: GET /orgs/{org}/members "" "" []`, base, line[1]),
			fmt.Sprintf(`%s:%d: DELETE /orgs/{org} "" "" ["orgs"]`, base, line[2]),
			`tokens.yaml:4: PUT /orgs/{org}/token "rotateToken" "" []`,
			`token.json:2: PATCH /token "" "" []`,
			fmt.Sprintf(`%s:%d: POST /shared "shared" "" []`, base, line[3]),
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
		if want := []string{"/api/v1", "/eu"}; !slices.Equal(d.Prefixes, want) {
			t.Errorf("%s: prefixes are %q, want %q", name, d.Prefixes, want)
		}
	}
}

// TestReadSloppy reads documents that a validator refuses, but whose routes
// are clear.
func TestReadSloppy(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"no such schema", head + "paths: {/a: {post: {responses: {'200': {content: {a/b: {schema: {$ref: '#/components/schemas/Nope'}}}}}}}}", "POST /a"},
		{"a schema on another host", head + "paths: {/a: {post: {requestBody: {$ref: 'https://example.org/a.yaml'}}}}", "POST /a"},
		{"a schema without end", head + "components: {schemas: {A: {$ref: '#/components/schemas/A'}}}\npaths: {/a: {post: {}}}", "POST /a"},
		{"types", head + "paths: {/a: {parameters: 7, post: {summary: 7, operationId: 1.0, tags: x, deprecated: 'yes'}}}", "POST /a"},
		{"version as a number, no info", "openapi: 3.1\npaths: {/a: {post: {}}}", "POST /a"},
		{"operation without content", head + "paths:\n  /a:\n    post:\n  /b:\n", "POST /a"},
		{"capitals", head + "paths: {/a: {POST: {}}}", "POST /a"},
		{"query and fragment", head + "paths: {'/a?x={x}': {post: {}}, '/a#b': {post: {}, put: {}}}", "POST /a PUT /a"},
		{"unusual methods", "openapi: 3.2.0\npaths: {/a: {query: {}, additionalOperations: {COPY: {}}}}", "COPY /a QUERY /a"},
		{"anchors and merged mappings", head + "x-a: &a {delete: {}}\nx-b: &b {put: {}, delete: {}}\npaths: {/a: {<<: [*a, *b]}, /b: *b, /c: {<<: *a, post: {}}}", "DELETE /a PUT /a DELETE /b PUT /b DELETE /c POST /c"},
		{"webhooks and callbacks", "openapi: 3.1.0\nwebhooks: {w: {post: {}, $ref: nowhere.yaml}}\npaths: {/a: {post: {callbacks: {c: {'{$request.body#/url}': {put: {}}}}}}}", "POST /a"},
		{"keys of its own in paths", head + "paths: {x-a: {post: {}}, /a: {post: {}, x-b: {put: {}}}}", "POST /a"},
		{"BOM", "\ufeff" + head + "paths: {/a: {post: {}}}", "POST /a"},
		{"references to one item", head + "components: {pathItems: {A: {put: {}}}}\npaths: {/a: {$ref: '#/components/pathItems/A'}, /b: {$ref: '#/components/pathItems/A', post: {}}, /c: {$ref: '#/paths/~1d'}, /d: {put: {}}}", "PUT /a PUT /b POST /b PUT /c PUT /d"},
		{"cyclic schema anchor", head + "components: {schemas: &s {A: {not: {x: 1}}}}\npaths: {/a: {post: {}}}", "POST /a"},
		{"deep", head + "x: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "\npaths: {/a: {post: {}}}", "POST /a"},
		{"bomb in a schema", head + "components:\n  schemas:\n" + strings.ReplaceAll(bomb(), "x-", "    x-") + "paths: {/a: {post: {}}}", "POST /a"},
	} {
		d, err := openapi.Read(write(t, map[string]string{"api.yaml": tt.text}))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := strings.Join(names(d.Routes), " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// bomb is a mapping whose aliases stand for 10^9 values.
func bomb() string {
	var b strings.Builder
	b.WriteString("x-a: &a {k: v}\n")
	for c := 'b'; c < 'l'; c++ {
		fmt.Fprintf(&b, "x-%c: &%c {", c, c)
		for i := range 10 {
			fmt.Fprintf(&b, "k%d: *%c, ", i, c-1)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "the file is empty"},
		{"text", "hello", "not an OpenAPI document"},
		{"list", "[1]", "not an OpenAPI document"},
		{"another file", "version: 1\nroutes: {}\n", "not an OpenAPI document"},
		{"Swagger", "\nswagger: '2.0'\npaths: {}\n", "line 2: Swagger 2.0 is not read: convert the document to OpenAPI 3"},
		{"version", "openapi: 4.0.0\npaths: {/a: {post: {}}}", "OpenAPI 4.0.0 is not read: it must be 3.0, 3.1 or 3.2"},
		{"no paths", head, "the document has no paths"},
		{"list of paths", head + "paths: [/a]", "the document has no paths"},
		{"path without slash", head + "paths: {b: {post: {}}, a: {post: {}}}", "path \"a\" must begin with a slash\n"},
		{"syntax", "openapi: 3.0.3\npaths:\n\t/a: {}\n", "line 3"},
		{"JSON syntax", "{\"openapi\": \"3.0.3\",\n\"paths\": {,}}", "line 2: invalid character ','"},
		{"JSON that ends early", "{\"openapi\":", "line 1: unexpected EOF"},
		{"JSON with more behind it", "{\"openapi\": \"3.0.3\"} {}", "line 1: there is more behind the document"},
		{"deep JSON", `{"a":` + strings.Repeat("[", 2000), "nested more than 1000 deep"},
		{"deep YAML", "a: " + strings.Repeat("[", 20000), "depth"},
		{"UTF-8", head + "paths: {/caf\xe9: {post: {}}}", "not UTF-8"},
		{"path twice", head + "paths:\n  /a: {post: {}}\n  /b: {}\n  /a: {put: {}}\n", `api.yaml:6: "/a" is there twice, first in line 4`},
		{"JSON, path twice", "{\"openapi\": \"3.0.3\", \"paths\": {\n\"/a\": {\"post\": {}},\n\"/a\": {\"put\": {}}}}", `api.yaml:3: "/a" is there twice, first in line 2`},
		{"bomb in the paths", head + bomb() + "paths: {/a: *k}", "aliases blow the document up"},
		{"large", head + "paths: {/a: {post: {}}}\n#" + strings.Repeat("x", 32<<20), "larger than 32 MiB"},
		{"reference to another host", head + "paths: {/a: {$ref: 'https://example.org/a.yaml'}}", "only files below the document's folder are read"},
		{"reference without scheme to another host", head + "paths: {/a: {$ref: '//example.org/a.yaml'}}", "only files below"},
		{"reference out of the folder", head + "paths: {/a: {$ref: '../secret.yaml'}}", "escapes"},
		{"reference out of the folder, encoded", head + "paths: {/a: {$ref: '%2e%2e/secret.yaml'}}", "escapes"},
		{"reference by a link out of the folder", head + "paths: {/a: {$ref: 'link.yaml'}}", "escapes"},
		{"absolute reference", head + "paths: {/a: {$ref: '/etc/hostname'}}", "escapes"},
		{"file URL", head + "paths: {/a: {$ref: 'file:///etc/hostname'}}", "only files below"},
		{"reference to a folder", head + "paths: {/a: {$ref: 'sub'}}", "not a file"},
		{"reference to nothing", head + "paths: {/a: {$ref: 'nowhere.yaml'}}", "nowhere.yaml"},
		{"reference to no component", head + "paths: {/a: {$ref: '#/components/pathItems/Nope'}}", "Nope"},
		{"cyclic reference", head + "paths: {/a: {$ref: '#/paths/~1b'}, /b: {$ref: '#/paths/~1a'}}", `path "/a" refers to what is a reference itself`},
		{"reference to a reference", head + "paths: {/a: {$ref: '#/components/pathItems/A'}}\ncomponents: {pathItems: {A: {$ref: '#/components/pathItems/B'}, B: {put: {}}}}", `path "/a" refers to what is a reference itself`},
		{"reference to a reference in a file", head + "paths: {/a: {$ref: 'sub/chain.yaml'}}", `path "/a" refers to what is a reference itself`},
		{"reference to what is broken", head + "paths: {/a: {$ref: 'sub/broken.yaml'}}", "sub/broken.yaml"},
	} {
		path := write(t, map[string]string{"api.yaml": tt.text, "../secret.yaml": "post: {operationId: secret}", "sub/broken.yaml": "a: [", "sub/chain.yaml": "$ref: ../api.yaml#/paths/~1b\n"})
		if err := os.Symlink("../secret.yaml", filepath.Join(filepath.Dir(path), "link.yaml")); err != nil {
			t.Fatal(err)
		}
		d, err := openapi.Read(path)
		if d != nil || err == nil || !strings.Contains(err.Error()+"\n", tt.want) || !strings.HasPrefix(err.Error(), "openapi: ") {
			t.Errorf("%s: got %+v, %v\nwant an error with %s", tt.name, d, err, tt.want)
		}
	}
	if _, err := openapi.Read(filepath.Join(t.TempDir(), "nowhere.yaml")); err == nil || !strings.Contains(err.Error(), "nowhere.yaml") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestReadAsksNobody serves what a document refers to and checks that nobody comes.
func TestReadAsksNobody(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) }))
	defer server.Close()
	for _, ref := range []string{"paths: {/a: {$ref: '%s/a.yaml'}}", "components: {schemas: {A: {$ref: '%s/a.yaml'}}}\npaths: {/a: {post: {}}}"} {
		_, _ = openapi.Read(write(t, map[string]string{"api.yaml": head + fmt.Sprintf(ref, server.URL)}))
	}
}

// TestReadCyclicFiles reads files that refer to each other without an end.
func TestReadCyclicFiles(t *testing.T) {
	_, err := openapi.Read(write(t, map[string]string{
		"api.yaml":   head + "paths: {/a: {$ref: 'sub/a.yaml'}, /b: {$ref: 'sub/b.yaml'}, /d: {post: {}}}",
		"sub/a.yaml": "$ref: b.yaml\nput: {}\n",
		"sub/b.yaml": "$ref: a.yaml\ndelete: {}\n",
	}))
	if err == nil || strings.Count(err.Error(), "refers to what is a reference itself") != 2 {
		t.Errorf("got %v, want the problem of /a and /b", err)
	}
}

func TestReadLarge(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"openapi": "3.0.3", "paths": {`)
	const n = 10_000
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"/r%d/{id}": {"post": {"operationId": "op%d", "description": %q}}`, i, i, strings.Repeat("x", 2000))
	}
	b.WriteString("}}")
	d, err := openapi.Read(write(t, map[string]string{"api.yaml": b.String()}))
	if err != nil || len(d.Routes) != n || d.Routes[n-1].Operation != fmt.Sprintf("op%d", n-1) {
		t.Fatalf("%v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"testdata/api.yaml", "testdata/api.json"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(head + "x-a: &a {<<: *a, delete: {}}\npaths: {/a: *a, /b: {$ref: '#/x-a'}, /c: {$ref: api.yaml}}"))
	f.Add([]byte(head + "servers: [{url: '{a}', variables: {a: {default: /x}}}]\npaths: {/a: {$ref: '#/paths/~1a'}}"))
	path := write(f, map[string]string{})
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := openapi.Read(path)
		if (d == nil) == (err == nil) {
			t.Fatalf("got %+v, %v", d, err)
		}
		if err != nil {
			return
		}
		for _, r := range d.Routes {
			if !strings.HasPrefix(r.Path, "/") || r.Method == "" || r.Line == 0 || r.File == "" {
				t.Errorf("route %+v", r)
			}
		}
	})
}
