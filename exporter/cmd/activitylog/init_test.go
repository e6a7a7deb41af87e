package main

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
)

// initAt runs init with a mapping in a folder and returns what it prints,
// without the name of the folder.
func initAt(dir, file string, args ...string) (status int, out string) {
	status, stdout, stderr := runArgs(append([]string{"init", "--mapping", filepath.Join(dir, file)}, args...)...)
	return status, strings.ReplaceAll(stdout+stderr, dir+string(filepath.Separator), "")
}

func readFile(t *testing.T, elem ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// goldenInit compares text with a file of testdata/init, which -update rewrites.
func goldenInit(t *testing.T, name, got string) {
	t.Helper()
	compareGolden(t, filepath.Join("..", "init", name), got)
}

// TestInitGolden pins the files that init writes, and what it says.
func TestInitGolden(t *testing.T) {
	tests := []struct{ name, flag, api string }{
		{"library", "--openapi", "library.openapi.yaml"},
		{"shop", "--routes", "shop.gin.txt"},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		api := "testdata/init/" + tt.api
		status, out := initAt(dir, "activity.yaml", tt.flag, api)
		if status != 0 {
			t.Fatalf("%s: exit status %d: %s", tt.name, status, out)
		}
		file := readFile(t, dir, "activity.yaml")
		goldenInit(t, tt.name+".yaml", file)
		goldenInit(t, tt.name+".report.txt", out)
		if got := readFile(t, dir, "activitylog.schema.json"); got != string(mapping.Schema()) {
			t.Errorf("%s: the schema beside the file is another", tt.name)
		}
		status, stdout, stderr := runArgs("lint", "--mapping", filepath.Join(dir, "activity.yaml"), tt.flag, api)
		if status != 0 {
			t.Errorf("%s: lint: %s%s", tt.name, stdout, stderr)
		}
		if status, out = initAt(dir, "activity.yaml", tt.flag, api); status != 0 || !strings.Contains(out, "is unchanged") || readFile(t, dir, "activity.yaml") != file {
			t.Errorf("%s: a second time: exit status %d: %s", tt.name, status, out)
		}
	}
}

// TestInitMergeGolden pins what becomes of a file that people have edited.
func TestInitMergeGolden(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(readFile(t, "testdata", "init", "edited.yaml")), 0o640); err != nil {
		t.Fatal(err)
	}
	status, out := initAt(dir, "a.yaml", "--routes", "testdata/init/shop.gin.txt")
	if status != 0 {
		t.Fatalf("exit status %d: %s", status, out)
	}
	goldenInit(t, "merged.yaml", readFile(t, dir, "a.yaml"))
	goldenInit(t, "merged.report.txt", out)
	if info, err := os.Stat(filepath.Join(dir, "a.yaml")); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("got mode %v, %v, want that of the old file", info.Mode(), err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("got %v: a schema that the file does not refer to, or a file that was left over", files)
	}
}

// TestInitDryRun checks that a dry run prints the file and leaves none.
func TestInitDryRun(t *testing.T) {
	dir := t.TempDir()
	status, out := initAt(dir, "a.yaml", "--dry-run", "--openapi", "testdata/init/library.openapi.yaml")
	if want := readFile(t, "testdata", "init", "library.yaml"); status != 0 || !strings.HasPrefix(out, want) || !strings.Contains(out, "12 new routes") {
		t.Errorf("exit status %d: %s", status, out)
	}
	if files, _ := os.ReadDir(dir); len(files) > 0 {
		t.Errorf("it wrote %v", files)
	}
}

// TestInitErrors checks that what cannot be read is told and nothing is
// written then.
func TestInitErrors(t *testing.T) {
	const broken = "version: 1\nroutez: {}\n"
	tests := []struct {
		args []string
		want string
	}{
		{nil, "--routes FILE or --openapi FILE"},
		{[]string{"--routes", "a", "--openapi", "b"}, "--routes FILE or --openapi FILE"},
		{[]string{"--routes", "testdata/init/none.txt"}, "none.txt"},
		{[]string{"--routes", "testdata/init/edited.yaml"}, "edited.yaml:"},
		{[]string{"--routes", os.DevNull}, "no routes"},
		{[]string{"--openapi", "testdata/init/shop.gin.txt"}, "openapi"},
		{[]string{"--routes", "testdata/init/shop.gin.txt"}, `was not changed`},
		{[]string{"--routes", "testdata/init/shop.gin.txt"}, `a.yaml:2:1: mapping: unknown key "routez"`},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(broken), 0o666); err != nil {
			t.Fatal(err)
		}
		status, out := initAt(dir, "a.yaml", tt.args...)
		if status != 2 || !strings.Contains(out, tt.want) || readFile(t, dir, "a.yaml") != broken {
			t.Errorf("%q: exit status %d: %s\nwant %q", tt.args, status, out, tt.want)
		}
	}
}

// TestInitRefusesTargets checks that init puts its file in the place of files
// only, never of a device, and does not tell of what it could not write.
func TestInitRefusesTargets(t *testing.T) {
	dir := t.TempDir()
	socket, err := net.Listen("unix", filepath.Join(dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for _, tt := range []struct{ file, want string }{
		{"socket", "socket is no regular file"},
		{".", "is no regular file"},
		{"none/a.yaml", "write none/a.yaml: "},
	} {
		status, out := initAt(dir, tt.file, "--routes", "testdata/init/shop.gin.txt")
		if status != 2 || !strings.Contains(out, tt.want) || strings.Contains(out, "new routes") {
			t.Errorf("%s: exit status %d: %s\nwant %q", tt.file, status, out, tt.want)
		}
	}
}

// TestInitThroughLink checks that a link stays one, and that a file without
// content is a new one.
func TestInitThroughLink(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.yaml"), filepath.Join(dir, "a.yaml")
	if err := os.WriteFile(real, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	if status, out := initAt(dir, "a.yaml", "--routes", "testdata/init/shop.gin.txt"); status != 0 {
		t.Fatalf("exit status %d: %s", status, out)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if _, err := mapping.Load(real); err != nil {
		t.Error(err)
	}
}
