package activitylog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const modulePath = "github.com/activitylog-go/activitylog"

// mayImport says which areas of the project an area may import besides
// itself. An area is a folder with all below it that is not listed as an area
// of its own; "." is the root package.
var mayImport = map[string][]string{
	".":                          {"internal"},
	"internal":                   {},
	"collector-config":           {},
	"query":                      {".", "internal"},
	"store":                      {".", "internal", "query"},
	"api":                        {".", "internal", "query", "store", "mapping/catalogue"},
	"viewer":                     {".", "internal", "query", "store", "api", "mapping/catalogue"},
	"exporter":                   {".", "internal", "query", "store", "api", "viewer", "mapping/catalogue"},
	"exporter/internal/company":  {"."}, // which only tests import
	"mapping/internal":           {"internal"},
	"mapping/internal/sensitive": {".", "mapping/internal", "mapping/infer"},
	"mapping/catalogue":          {".", "internal", "mapping/internal"},
	"mapping/infer":              {".", "mapping/internal"},
	"mapping/routes":             {"mapping/internal"},
	"mapping":                    {".", "internal", "mapping/internal", "mapping/internal/sensitive", "mapping/catalogue", "mapping/infer"},
	"mapping/lint":               {".", "internal", "mapping", "mapping/internal", "mapping/internal/sensitive", "mapping/catalogue", "mapping/infer", "mapping/routes"},
	"mapping/scaffold":           {".", "mapping", "mapping/internal", "mapping/catalogue", "mapping/infer", "mapping/routes"},
	"middleware":                 {".", "internal", "mapping"},
	"activitylogtest":            {".", "internal", "mapping", "mapping/lint", "mapping/routes", "middleware"},
	"examples":                   {".", "mapping", "middleware"},
	"bench":                      {everything},
	"exporter/cmd/activitylog":   {everything},
}

const everything = "*"

// area returns the area of a package, "" if none is listed.
func area(importPath string) string {
	dir := strings.TrimPrefix(strings.TrimPrefix(importPath, modulePath), "/")
	if dir == "" {
		return "."
	}
	for ; dir != ""; dir, _, _ = cutLast(dir, "/") {
		if _, ok := mayImport[dir]; ok {
			return dir
		}
	}
	return ""
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Module     *struct{ Path string }
}

// forbidden returns what p imports of the project and must not.
func forbidden(p goPackage) []string {
	from := area(p.ImportPath)
	if from == "" {
		return []string{fmt.Sprintf("%s: imports_test.go does not say what this package may import", p.ImportPath)}
	}
	allowed := append(slices.Clone(mayImport[from]), from)
	var problems []string
	for _, path := range p.Imports {
		if path != modulePath && !strings.HasPrefix(path, modulePath+"/") {
			continue
		}
		if !slices.Contains(allowed, area(path)) && !slices.Contains(allowed, everything) {
			problems = append(problems, fmt.Sprintf("%s imports %s: imports run one way", p.ImportPath, path))
		}
	}
	return problems
}

// TestImports checks that imports run one way, in every module of the workspace.
func TestImports(t *testing.T) {
	var work struct{ Use []struct{ DiskPath string } }
	if err := json.Unmarshal(goCommand(t, ".", "work", "edit", "-json"), &work); err != nil || len(work.Use) < 5 {
		t.Fatalf("go.work: %v, %d modules", err, len(work.Use))
	}
	found := make(map[string]bool)
	for _, use := range work.Use {
		for _, p := range listPackages(t, use.DiskPath, "-e", "./...") {
			found[area(p.ImportPath)] = true
			for _, problem := range forbidden(p) {
				t.Error(problem)
			}
		}
	}
	for name := range mayImport {
		if !found[name] {
			t.Errorf("imports_test.go lists %s, which has no package", name)
		}
	}
}

// TestImportsFindsViolations checks the check.
func TestImportsFindsViolations(t *testing.T) {
	tests := []struct {
		from, to string
		ok       bool
	}{
		{"mapping/infer", "", true},
		{"mapping/catalogue", "mapping", false},
		{"exporter/sqlite", "store", true},
		{"exporter/sqlite", "mapping/infer", false},
		{"exporter", "middleware", false},
		{"store", "exporter/sqlite", false},
		{"query", "store", false},
		{"", "query", false},
		{"middleware/ginactivity", "mapping", true},
		{"middleware", "store", false},
		{"exporter/cmd/activitylog", "middleware", true},
		{"somewhere/new", "", false},
	}
	for _, tt := range tests {
		p := goPackage{ImportPath: join(tt.from), Imports: []string{"fmt", join(tt.to)}}
		if problems := forbidden(p); (len(problems) == 0) != tt.ok {
			t.Errorf("%q importing %q: %q", tt.from, tt.to, problems)
		}
	}
}

func join(dir string) string { return strings.TrimSuffix(modulePath+"/"+dir, "/") }

// lightModules are what an application that uses the root module links.
var lightModules = []string{
	modulePath,
	"github.com/cespare/xxhash/v2", // of the OpenTelemetry API
	"github.com/felixge/httpsnoop",
	"github.com/go-logr/logr", // of the OpenTelemetry API
	"github.com/go-logr/stdr", // of the OpenTelemetry API
	"github.com/goccy/go-yaml",
	"github.com/google/uuid",
	"go.opentelemetry.io/auto/sdk", // of the OpenTelemetry API
	"go.opentelemetry.io/otel",
	"go.opentelemetry.io/otel/log",
	"go.opentelemetry.io/otel/metric",
	"go.opentelemetry.io/otel/trace",
}

// TestRootModuleIsLight checks that an application that wraps its router does
// not take over the versions of a Collector, a database driver or a router.
func TestRootModuleIsLight(t *testing.T) {
	for _, p := range listPackages(t, ".", "-deps", "./...") {
		if p.Module != nil && !slices.Contains(lightModules, p.Module.Path) {
			t.Errorf("the root module links %s of %s", p.ImportPath, p.Module.Path)
		}
	}
	heavy := []string{"/gin-gonic/", "go.opentelemetry.io/collector", "sqlite", "/pgx", "clickhouse", "/cobra", "/grpc"}
	list := string(goCommand(t, ".", "list", "-m", "-f", "{{.Path}}", "all"))
	for path := range strings.FieldsSeq(list) {
		for _, name := range heavy {
			if strings.Contains(path, name) {
				t.Errorf("the root module's build list holds %s", path)
			}
		}
	}
}

func listPackages(t *testing.T, dir string, args ...string) []goPackage {
	t.Helper()
	args = append([]string{"list", "-json=ImportPath,Imports,Module"}, args...)
	dec := json.NewDecoder(bytes.NewReader(goCommand(t, dir, args...)))
	var packages []goPackage
	for {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list in %s: %v", dir, err)
		}
		packages = append(packages, p)
	}
}

// goCommand returns what the go command prints. The build list of a module is
// its own, so it runs outside of the workspace unless it is asked about that.
func goCommand(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly")
	if args[0] != "work" {
		cmd.Env = append(cmd.Env, "GOWORK=off")
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s in %s: %v\n%s", strings.Join(args, " "), dir, err, stderr.String())
	}
	return out
}
