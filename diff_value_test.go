package activitylog_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"math"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/quick"
	"time"

	"github.com/activitylog-go/activitylog"
)

type address struct {
	City string `json:"city"`
	Zip  string `json:"zip,omitempty"`
}

type audited struct {
	UpdatedAt time.Time `json:"updated_at" activity:"ignore"`
	Version   int
}

type money struct {
	Amount   *big.Rat `json:"amount"`
	Currency string   `json:"currency"`
}

type account struct {
	audited
	*address
	ID       string            `json:"id"`
	Name     string            `json:"na/me"`
	Zip      string            `json:"zip"` // hides that of the address
	Balance  money             `json:"balance"`
	Big      big.Int           `json:"big"`
	Quoted   int64             `json:"quoted,string"`
	Born     time.Time         `json:"born"`
	Left     *time.Time        `json:"left,omitzero"`
	Note     sql.NullString    `json:"note"`
	Rank     sql.Null[float64] `json:"rank"`
	Address  netip.Addr        `json:"address"`
	Raw      json.RawMessage   `json:"raw"`
	Blob     []byte            `json:"blob"`
	Roles    []string          `json:"roles"`
	Owner    any               `json:"owner"`
	Limits   map[int]uint8     `json:"limits"`
	Tags     map[string]string `json:"tags,omitempty"`
	Float    float32           `json:"float"`
	Hash     string            `json:"-"`
	Password string            `json:"-" activity:"secret"`
	Number   json.Number       `json:"number"`
	Func     func()            `json:"func"`
	Place    address           `json:"place,omitzero"`
	Stamped  stamped           `json:"stamped"`
	private  string
}

// A stamped value writes more than it is to be compared by.
type stamped struct {
	By string
	At int `activity:"ignore"`
}

func (s stamped) MarshalJSON() ([]byte, error) { return json.Marshal([]any{s.By, s.At}) }

func TestDiffGo(t *testing.T) {
	day := time.Date(2026, 11, 23, 10, 0, 0, 5, time.UTC)
	berlin := time.FixedZone("CET", 3600)
	tests := []struct {
		name   string
		change func(*account)
		want   string
	}{
		{"nothing", func(*account) {}, ""},
		{"not to be seen", func(a *account) { a.Hash, a.private, a.UpdatedAt, a.Func = "x", "x", day, func() {} }, ""},
		{"embedded", func(a *account) { a.Version = 2 }, `/Version: 0 → 2`},
		{"embedded pointer", func(a *account) { a.address = &address{City: "Rome", Zip: "1"} }, `/city:  → "Rome"`},
		{"escaped name", func(a *account) { a.Name = "<é\x00>" }, `/na~1me: "" → "\u003cé\u0000\u003e"`},
		{"dominant field", func(a *account) { a.Zip = "2" }, `/zip: "" → "2"`},
		{"money", func(a *account) { a.Balance = money{big.NewRat(5, 2), "EUR"} },
			`/balance: {"currency":""} → {"amount":"5/2","currency":"EUR"}`},
		{"big", func(a *account) { a.Big.SetString("123456789012345678901234567890", 10) }, `/big: 0 → 123456789012345678901234567890`},
		{"quoted", func(a *account) { a.Quoted = math.MaxInt64 }, `/quoted: "0" → "9223372036854775807"`},
		{"time", func(a *account) { a.Born = day.In(berlin) }, `/born: "0001-01-01T00:00:00Z" → "2026-11-23T11:00:00.000000005+01:00"`},
		{"zero time behind a pointer", func(a *account) { a.Left = new(time.Time) }, `/left:  → "0001-01-01T00:00:00Z"`},
		{"zero struct", func(a *account) { a.Place.City = "Rome" }, `/place:  → {"city":"Rome"}`},
		{"ignored in what writes itself", func(a *account) { a.Stamped.At = 1 }, ``},
		{"beside it", func(a *account) { a.Stamped.By = "Ann" }, `/stamped/By: "" → "Ann"`},
		{"null", func(a *account) { a.Note = sql.NullString{Valid: true} }, `/note:  → ""`},
		{"null that is not valid", func(a *account) { a.Note.String = "x" }, ``},
		{"null of a type", func(a *account) { a.Rank = sql.Null[float64]{V: math.Inf(-1), Valid: true} }, `/rank:  → "-Infinity"`},
		{"text", func(a *account) { a.Address = netip.MustParseAddr("::1") }, `/address: "" → "::1"`},
		{"raw", func(a *account) { a.Raw = json.RawMessage(`{"b": [1, 2]}`) }, `/raw:  → {"b":[1,2]}`},
		{"broken raw", func(a *account) { a.Raw = json.RawMessage(`{"b"`) }, `/raw:  →  truncated`},
		{"bytes", func(a *account) { a.Blob = []byte{255} }, `/blob: "" → "/w=="`},
		{"nil and empty", func(a *account) {
			a.Blob, a.Roles, a.Limits, a.Tags = []byte{}, []string{}, map[int]uint8{}, map[string]string{}
		}, ""},
		{"list", func(a *account) { a.Roles = []string{"x"} }, `/roles: [] → ["x"]`},
		{"interface", func(a *account) { a.Owner = &address{City: "Bonn"} }, `/owner:  → {"city":"Bonn"}`},
		{"map", func(a *account) { a.Limits = map[int]uint8{-1: 1} }, `/limits/-1:  → 1`},
		{"map that was left out", func(a *account) { a.Tags = map[string]string{"a": "b"} }, `/tags:  → {"a":"b"}`},
		{"float", func(a *account) { a.Float = 0.1 }, `/float: 0 → 0.1`},
		{"large float", func(a *account) { a.Float = 1e21 }, `/float: 0 → 1e+21`},
		{"secret that JSON does not have", func(a *account) { a.Password = "x" }, `/Password:  →  redacted`},
		{"number", func(a *account) { a.Number = "1.50" }, `/number: "" → 1.50`},
		{"hardly a number", func(a *account) { a.Number = "1 " }, `/number: "" → "1 "`},
		{"no number", func(a *account) { a.Number = "x" }, `/number: "" → "x"`},
	}
	for _, tt := range tests {
		var old, new account
		tt.change(&new)
		if got := show(activitylog.Diff(old, &new)); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
		// The same without the short cut for structs of one type.
		if got := show(activitylog.Diff(map[string]any{"x": old}, map[string]any{"x": new})); got != "" && got[:2] != "/x" || (got == "") != (tt.want == "") {
			t.Errorf("%s in a map:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestDiffSame(t *testing.T) {
	now := time.Now()
	nan := math.NaN()
	type place struct{ Lat, Lon *float64 }
	tests := []struct{ old, new any }{
		{now, now.Round(0)}, // no monotonic clock
		{now, now.In(time.FixedZone("X", 7200))},
		{[]any{now}, []any{now.UTC()}},
		{struct{ F float64 }{nan}, struct{ F float64 }{nan}},
		{struct{ F float64 }{0}, struct{ F float64 }{math.Copysign(0, -1)}},
		{struct{ N json.Number }{"1.0"}, struct{ N json.Number }{"1"}},
		{place{new(1.5), nil}, &place{new(1.5), nil}},
		{map[string]any{"a": int8(1), "b": nil}, map[string]any{"a": json.Number("1e0")}},
		{map[string]int{"a": 1}, struct {
			A int `json:"a"`
		}{1}},
		{[]address{{"x", ""}}, []*address{{"x", ""}}},
		{nil, nil},
		{(*account)(nil), nil},
		{[]byte(nil), json.RawMessage("null")},
		{func() {}, make(chan int)},
	}
	for i, tt := range tests {
		if got := show(activitylog.Diff(tt.old, tt.new)); got != "" {
			t.Errorf("row %d: %v and %v differ:\n%s", i, tt.old, tt.new, got)
		}
	}
}

type line struct {
	Order string `json:"order" activity:"key"`
	Item  int    `json:"item" activity:"key"`
	ID    int    `json:"id"` // does not count: there are tags
	Price int    `json:"price"`
}

type member struct {
	ID   int `json:"id" activity:"ignore"`
	Role string
}

type names struct {
	A string `activity:"key"`
	B string `activity:"key"`
}

func TestDiffKeys(t *testing.T) {
	sku := activitylog.WithListKeys("sku", "id")
	tests := []struct {
		name     string
		old, new any
		opts     []activitylog.DiffOption
		want     string
	}{
		{"tags", []line{{"a", 1, 1, 1}, {"a", 2, 2, 2}, {"b", 1, 3, 3}}, []*line{{"b", 1, 3, 4}, {"a", 1, 1, 1}}, nil,
			"/0/price: 3 → 4\n/1: {\"order\":\"a\",\"item\":2,\"id\":2,\"price\":2} → "},
		{"keys do not run together", []line{{"a1", 1, 1, 1}}, []line{{"a", 11, 1, 1}}, nil,
			"/0:  → {\"order\":\"a\",\"item\":11,\"id\":1,\"price\":1}\n/0: {\"order\":\"a1\",\"item\":1,\"id\":1,\"price\":1} → "},
		{"nor do names", []names{{"a3b", "c"}}, []names{{"a", "b3c"}}, nil,
			"/0:  → {\"A\":\"a\",\"B\":\"b3c\"}\n/0: {\"A\":\"a3b\",\"B\":\"c\"} → "},
		{"ignored key", []member{{1, "x"}, {2, "y"}}, []member{{2, "z"}, {1, "x"}}, nil, `/0/Role: "y" → "z"`},
		{"name", []byte(`[{"sku":"a","n":1},{"id":1,"sku":"b","n":2}]`), []byte(`[{"id":1,"sku":"b","n":3},{"sku":"a","n":1}]`),
			[]activitylog.DiffOption{sku}, `/0/n: 2 → 3`},
		{"first name first", []byte(`[{"id":1,"sku":"a"}]`), []byte(`[{"id":1,"sku":"b"}]`),
			[]activitylog.DiffOption{activitylog.WithListKeys("id", "sku")}, `/0/sku: "a" → "b"`},
		{"second name", []byte(`[{"id":1},{"id":2}]`), []byte(`[{"id":2},{"id":1}]`), []activitylog.DiffOption{sku}, ""},
		{"no names", []byte(`[{"id":1},{"id":2}]`), []byte(`[{"id":2},{"id":1}]`), []activitylog.DiffOption{activitylog.WithListKeys()},
			"/0/id: 1 → 2\n/1/id: 2 → 1"},
		{"types and texts", []member{{1, "x"}}, []byte(`[{"id":1.0,"Role":"y"}]`), nil, `/0/Role: "x" → "y"`},
	}
	for _, tt := range tests {
		if got := show(activitylog.Diff(tt.old, tt.new, tt.opts...)); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// TestDiffKeepsNothing checks that changes do not follow the values.
func TestDiffKeepsNothing(t *testing.T) {
	raw, blob := json.RawMessage(`"aaaa"`), []byte("aaaa")
	key := []byte(`{"aaaa":1}`)
	all := activitylog.Diff(nil, map[string]any{"raw": raw, "blob": blob})
	all = append(all, activitylog.Diff(nil, key)...)
	before := show(all)
	for _, b := range [][]byte{raw, blob, key} {
		for i := range b {
			b[i] = 'b'
		}
	}
	if after := show(all); after != before {
		t.Errorf("changes were\n%s\nand are\n%s", before, after)
	}
}

// TestDiffLikeJSON checks that values differ as their JSON does.
func TestDiffLikeJSON(t *testing.T) {
	type Inner struct {
		A int `json:"a"`
		B string
		C *bool `json:",omitempty"`
	}
	type Embedded struct {
		D int `json:"d"`
		E []Inner
		B float64
	}
	type Left struct{ X, Both int }
	type Right struct {
		Y    int `json:"X"` // wins, having the name in its tag
		Both int
	}
	type outer struct {
		Inner
		*Embedded
		Left
		Right
		F []*Inner `json:"f"`
		G map[string]Inner
		H float32 `json:"B,omitempty"`
		I [2]uint16
		J time.Duration `json:",string"`
		K *string       `json:"-,"`
		L json.Number   `json:"bad\"name"`
	}
	compared := 0
	like := func(a, b outer, mixed bool) bool {
		a.L, b.L = "1", "1"
		if mixed {
			b = outer{a.Inner, a.Embedded, b.Left, b.Right, b.F, a.G, a.H, b.I, a.J, nil, "2"}
		}
		before, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		after, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		got, want := activitylog.Diff(a, b), activitylog.Diff(before, after)
		if len(got) > activitylog.MaxChanges || len(want) > activitylog.MaxChanges || len(before)+len(after) > activitylog.MaxString {
			return true // what is cut depends on the order
		}
		compared++
		if inOrder(t, got) != inOrder(t, want) {
			t.Errorf("Go:\n%s\nJSON:\n%s", inOrder(t, got), inOrder(t, want))
		}
		return true
	}
	if err := quick.Check(like, &quick.Config{MaxCount: 300}); err != nil || compared < 50 {
		t.Errorf("%d pairs were compared: %v", compared, err)
	}
}

// inOrder shows changes in the order of their paths, and the members of
// objects in that of their names.
func inOrder(t *testing.T, changes []activitylog.Change) string {
	t.Helper()
	for i := range changes {
		for _, text := range []*json.RawMessage{&changes[i].Old, &changes[i].New} {
			dec := json.NewDecoder(bytes.NewReader(*text))
			dec.UseNumber()
			var v any
			if len(*text) == 0 {
				continue
			} else if err := dec.Decode(&v); err != nil {
				t.Fatalf("%s: %v", *text, err)
			}
			*text, _ = json.Marshal(v)
		}
	}
	lines := strings.Split(show(changes), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestDiffConcurrent(t *testing.T) {
	type once struct { // a type that no other test has made known
		A []struct{ B map[string]*once }
		C int
	}
	old, new := &once{}, &once{C: 1}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := show(activitylog.Diff(old, new)); got != "/C: 0 → 1" {
				t.Errorf("got %s", got)
			}
		})
	}
	wg.Wait()
}
