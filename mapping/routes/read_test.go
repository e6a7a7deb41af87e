package routes_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/activitylog-go/activitylog/mapping/routes"
)

// ginOutput is what gin prints with a log's time stamps before some of it.
const ginOutput = `[GIN-debug] [WARNING] Running in "debug" mode. Switch to "release" mode in production.
 - using env:	export GIN_MODE=release
 - using code:	gin.SetMode(gin.ReleaseMode)

[GIN-debug] POST   /orgs/:org                --> main.create (3 handlers)
2026-01-02T03:04:05Z api-1 | [GIN-debug] DELETE /orgs/:org/files/*path    --> github.com/acme/pay/api.(*Server).Remove-fm (12 handlers)
[GIN-debug] PUT    /orgs/:org                --> main.main.func1 (3 handlers)
[GIN-debug] [WARNING] You trusted all proxies, this is NOT safe. We recommend you to set a value.
Please check https://github.com/gin-gonic/gin/blob/master/docs/doc.md#dont-trust-all-proxies for details.
[GIN-debug] Listening and serving HTTP on :8080
[GIN-debug] redirecting request 301: /orgs/ --> /orgs
[GIN] 2026/01/02 - 03:04:05 | 200 |      65.3µs |       127.0.0.1 | POST     "/orgs/acme"
`

func TestRead(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"spaces", "POST /a\n  PUT    /b/{id}   update  \n", "1 POST /a|2 PUT /b/{id} update"},
		{"tabs", "POST\t/a\t\nPUT \t/b c\tupdate it\t\n", "1 POST /a|2 PUT /b c update it"},
		{"without a line break at the end", "POST /a", "1 POST /a"},
		{"BOM and CRLF", "\ufeffMethod Path Operation_ID\r\nPOST /a\r\n\r\nPUT /b\r\n", "2 POST /a|4 PUT /b"},
		{"comments", "# one\nPOST /a # two\n\t# three\nPUT\t/b\t# four\nPUT /c/#d\n", "2 POST /a|4 PUT /b|5 PUT /c/#d"},
		{"every method", "* /a\n", "1 * /a"},
		{"small letters", "post /a\n", "1 POST /a"},
		{"unusual methods", "M-SEARCH /a\nPROPFIND /a\n", "1 M-SEARCH /a|2 PROPFIND /a"},
		{"twice", "POST /a one\nPOST /a two\nPUT /a\n", "1 POST /a one|3 PUT /a"},
		{"gin", ginOutput, "5 POST /orgs/:org main.create|6 DELETE /orgs/:org/files/*path api.(*Server).Remove|7 PUT /orgs/:org"},
		{"gin and more", "POST /a\n" + ginOutput, "1 POST /a|6 POST /orgs/:org main.create|7 DELETE /orgs/:org/files/*path api.(*Server).Remove|8 PUT /orgs/:org"},
	} {
		list, err := routes.Read("list.txt", strings.NewReader(tt.in))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, r := range list {
			got = append(got, strings.TrimSpace(fmt.Sprint(r.Line, " ", r, " ", r.Operation)))
			if r.File != "list.txt" {
				t.Errorf("%s: %s is in file %q", tt.name, r, r.File)
			}
		}
		if got := strings.Join(got, "|"); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	many := strings.Repeat("x\n", 200)
	for _, tt := range []struct{ name, in, want string }{
		{"all at once", "POST\nPOST orgs\nP0ST /a\nPUT /a\nPOST /a b c d\n",
			`r:1: "POST": a line is METHOD PATH [OPERATION]` + "\n" +
				`r:2: path "orgs": it must begin with a slash` + "\n" +
				`r:3: the method must be a word such as POST, or * for every method, not "P0ST"` + "\n" +
				`r:5: 5 columns: a line is METHOD PATH [OPERATION], separated by tabs if one of them holds spaces`},
		{"header in the middle", "POST /a\nmethod path\n", `r:2: path "path": it must begin with a slash`},
		{"UTF-16", "P\x00O\x00S\x00T\x00 \x00/\x00a\x00\n\x00", `r:1: the method must be a word such as POST, or * for every method, not "P\x00O\x00S\x00T\x00"` + "\n" +
			`r:2: "\x00": a line is METHOD PATH [OPERATION]`},
		{"UTF-16 with its mark", "\xff\xfeP\x00", "r:1: the line is not UTF-8"},
		{"Latin-1", "POST /a\nPOST /caf\xe9\n", "r:2: the line is not UTF-8"},
		{"control character", "POST\t/a\x1b[31m\n", `r:1: "/a\x1b[31m": a route holds printable characters only`},
		{"long path", "POST /" + strings.Repeat("a-", 1<<20), `…: it is 2097153 bytes long, the longest may be 1024`},
		{"problems without end", many, "r: more than 100 problems"},
		{"large", strings.Repeat("#", 8<<20+1), "r: the list is larger than 8 MiB"},
	} {
		list, err := routes.Read("r", strings.NewReader(tt.in))
		if list != nil || err == nil || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("%s: got %v, %v\nwant %s", tt.name, list, err, tt.want)
		}
		if e := (*routes.Error)(nil); !errors.As(err, &e) {
			t.Errorf("%s: the error is a %T", tt.name, err)
		}
	}
}

func TestReadBounds(t *testing.T) {
	var b bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&b, "POST /a/%d\n", i)
	}
	if list, err := routes.Read("r", bytes.NewReader(b.Bytes())); len(list) != 100_000 || err != nil {
		t.Errorf("got %d routes, %v", len(list), err)
	}
	b.WriteString("POST /a/0\nPOST /more\n")
	if _, err := routes.Read("r", &b); err == nil || err.Error() != "r:100002: more than 100000 routes" {
		t.Errorf("got %v", err)
	}
	if _, err := routes.Read("r", iotest.ErrReader(errors.New("unplugged"))); err == nil || err.Error() != "r: unplugged" {
		t.Errorf("got %v", err)
	}
}

func TestWrite(t *testing.T) {
	var b strings.Builder
	err := routes.Write(&b, []routes.Route{{Path: "/a", Operation: "list it"}, {Method: "PUT", Path: "/a b", Summary: "gone"}})
	if want := "*\t/a\tlist it\nPUT\t/a b\n"; err != nil || b.String() != want {
		t.Errorf("got %q, %v, want %q", b.String(), err, want)
	}
	b.Reset()
	err = routes.Write(&b, []routes.Route{
		{Method: "PUT", Path: "/a"}, {Method: "put", Path: "/a"}, {Path: "a"}, {Path: "/a\n/b"}, {Path: "/a", Operation: "# one"},
		{Path: "/a "}, {Path: "/\xff"},
	})
	if b.Len() != 0 || err == nil {
		t.Fatalf("got %q, %v, want an error only", b.String(), err)
	}
	for i, line := range strings.Split(err.Error(), "\n") {
		if !strings.HasPrefix(line, fmt.Sprintf("route %d: ", i+2)) {
			t.Errorf("problem %d is %q", i+1, line)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(ginOutput))
	f.Add([]byte("\ufeffmethod path\r\nPOST /a b # c\r\n"))
	f.Add([]byte("*\t/a b\tc d\t#\n\tPUT /a\n"))
	f.Add([]byte("POST\t/[GIN-debug] x\n[GIN-debug] PUT /a --> [GIN-debug] x (1 handlers)\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := routes.Read("fuzz", bytes.NewReader(data))
		if err != nil {
			if e := (*routes.Error)(nil); list != nil || !errors.As(err, &e) {
				t.Fatalf("got %v, %T", list, err)
			}
			return
		}
		var b bytes.Buffer
		if err := routes.Write(&b, list); err != nil {
			t.Fatalf("Write refuses what Read returned: %v", err)
		}
		again, err := routes.Read("again", &b)
		if err != nil {
			t.Fatalf("Read refuses what Write wrote: %v", err)
		}
		same := func(a, b routes.Route) bool {
			return a.Method == b.Method && a.Path == b.Path && a.Operation == b.Operation
		}
		if !slices.EqualFunc(list, again, same) {
			t.Fatalf("read   %+v\nwrote and read again %+v", list, again)
		}
	})
}
