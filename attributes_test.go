package activitylog_test

import (
	"encoding/json"
	"errors"
	"math"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
)

type (
	plan  string
	seats uint16
)

func TestAttributesSet(t *testing.T) {
	tests := []struct {
		in   any
		json string
	}{
		{"text", `"text"`},
		{true, `true`},
		{7, `7`},
		{int32(-7), `-7`},
		{int64(math.MinInt64), `-9223372036854775808`},
		{uint32(math.MaxUint32), `4294967295`},
		{1.0, `1.0`},
		{-0.25, `-0.25`},
		{1e300, `1e+300`},
		{math.Copysign(0, -1), `-0.0`},
		{math.Inf(1), `"Infinity"`},
		{math.NaN(), `"NaN"`},
		{nil, `""`},
		{noon, `"2026-03-01T12:00:00.123456789Z"`},
		{time.Minute, `"1m0s"`},
		{errors.New("no funds"), `"no funds"`},
		{(*url.URL)(nil), `"\u003cnil\u003e"`},
		{plan("gold"), `"gold"`},
		{seats(12), `12`},
		{uint(7), `7`},
		{int8(-8), `-8`},
		{uint64(math.MaxUint64), `"18446744073709551615"`},
		{float32(0.1), `0.1`},
		{json.RawMessage(`true`), `true`},
		{[]int{1, 2}, `"[1,2]"`},
		{map[string]int{"a": 1}, `"{\"a\":1}"`},
	}
	for _, tt := range tests {
		var a activitylog.Attributes
		a.Set("k", "before")
		a.Set("k", tt.in)
		b, err := json.Marshal(a)
		if want := `{"k":` + tt.json + `}`; err != nil || string(b) != want {
			t.Errorf("Set(%#v) gives %s, %v, want %s", tt.in, b, err, want)
		}
	}
}

func TestAttributesUnmarshalRefuses(t *testing.T) {
	for _, in := range []string{`[]`, `{`, `{"a":9223372036854775808}`, `{"a":1e999}`} {
		var a activitylog.Attributes
		if err := json.Unmarshal([]byte(in), &a); err == nil {
			t.Errorf("Unmarshal(%s) = %v, want an error", in, a)
		}
	}
}

// FuzzAttributes checks that the JSON form keeps names, kinds and values, and
// that there is one form only.
func FuzzAttributes(f *testing.F) {
	f.Add("a", "b", "c", "d", "text", true, int64(1), 1.5)
	f.Add("a", "a", "b", "b", "\xff\x00", false, int64(math.MaxInt64), 1e21)
	f.Add("", "<", "\u2028", "é", "1", true, int64(-1), math.Inf(-1))
	f.Fuzz(func(t *testing.T, n1, n2, n3, n4, s string, b bool, i int64, x float64) {
		e := activitylog.Event{}
		e.Attributes.Set(n1, s)
		e.Attributes.Set(n2, b)
		e.Attributes.Set(n3, i)
		e.Attributes.Set(n4, x)
		e.Clean()
		if len(e.Attributes) == 0 {
			return // all names are empty
		}
		once, err := json.Marshal(e.Attributes)
		if err != nil {
			t.Fatal(err)
		}
		var back activitylog.Attributes
		if err := json.Unmarshal(once, &back); err != nil {
			t.Fatalf("Unmarshal refuses %s: %v", once, err)
		}
		for _, kv := range e.Attributes {
			if got, ok := back.Get(string(kv.Key)); !ok || !reflect.DeepEqual(got, kv.Value) {
				t.Errorf("%q was %s %s and came back as %s %s", kv.Key, kv.Value.Type(), kv.Value.String(), got.Type(), got.String())
			}
		}
		if twice, _ := json.Marshal(back); string(twice) != string(once) {
			t.Errorf("round trip changed %s to %s", once, twice)
		}
	})
}
