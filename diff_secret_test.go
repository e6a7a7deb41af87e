package activitylog_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
)

// secrets are fakes of what must not get into a log; %d makes others of them.
var secrets = []string{
	"hunter2-%d-password", "4111 1111 1111 %04d", "5500000000000%03d", "AKIA%016dEXAMPLE", "sk_live_%024d",
	"ghp_%036d", "xoxb-%012d-abcdefghijkl", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI%d.c2lnbmF0dXJl",
	"-----BEGIN PRIVATE KEY-----\nMIIEvQ%d\n-----END PRIVATE KEY-----", "DE8937040044053201%04d", "pin:%06d",
	"whsec_%032d", "AIza%035d", "SG.%022d.xyz", "npm_%036d", "https://u:p%d@host/", "Bearer %040d", "<xml>&\"%d\"</xml>",
	"pässwörd-%d-ünïcode", "totp:JBSWY3DPEHPK3PXP%d",
}

type vault struct {
	Token string `json:"token" activity:"secret"`
}

// A keeper writes its secret itself.
type keeper struct {
	Name   string `json:"name"`
	Secret string `json:"secret" activity:"secret"`
}

func (k keeper) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"secret": k.Secret})
}

// A sealed one writes a secret that nothing else can reach.
type sealed struct{ v vault }

func (s sealed) MarshalText() ([]byte, error) { return []byte(s.v.Token), nil }

type shout string

func (s shout) MarshalText() ([]byte, error) { return []byte("!" + s), nil }

type base struct {
	Embedded string `activity:"secret"`
}

type Group struct {
	Grouped string `json:"grouped"`
}

type safe struct {
	base
	Group     `activity:"secret"`
	Plain     string            `activity:"secret"`
	Pointer   *string           `activity:"secret"`
	Bytes     []byte            `activity:"secret"`
	List      []string          `activity:"secret"`
	Map       map[string]string `activity:"secret"`
	Names     map[string]int    `activity:"secret"`
	Any       any               `activity:"secret"`
	Raw       json.RawMessage   `activity:"secret"`
	Text      shout             `activity:"secret"`
	Bad       badText           `activity:"secret"`
	Misspelt  string            `activity:"secert"`
	NotInJSON string            `json:"-" activity:"secret"`
	Nested    vault
	Behind    *vault
	Vaults    []vault
	ByName    map[string]vault
	Holds     any
	Keeper    keeper
	Keepers   []*keeper
	Sealed    sealed
	Money     struct {
		Amount   string `json:"amount" activity:"secret"`
		Currency string `json:"currency"`
	}
}

func fill(s string) safe {
	v := vault{s}
	raw, _ := json.Marshal(map[string]string{"x": s})
	all := safe{
		base: base{s}, Group: Group{s}, Plain: s, Pointer: &s, Bytes: []byte(s), List: []string{"a", s},
		Map: map[string]string{"a": s}, Names: map[string]int{s: 1}, Any: []any{s}, Raw: raw, Text: shout(s), Bad: badText(s),
		Misspelt: s, NotInJSON: s, Nested: v, Behind: &v, Vaults: []vault{v, v}, ByName: map[string]vault{"a": v},
		Holds: map[string]any{"deep": []any{&v}}, Keeper: keeper{"n", s}, Keepers: []*keeper{{"n", s}}, Sealed: sealed{v},
	}
	all.Money.Amount, all.Money.Currency = s, "EUR"
	return all
}

// secretPlaces are where a change of fill's secret must show.
var secretPlaces = []string{
	"/Embedded", "/grouped", "/Plain", "/Pointer", "/Bytes", "/List", "/Map", "/Names", "/Any", "/Raw", "/Text", "/Bad", "/Misspelt",
	"/NotInJSON", "/Nested/token", "/Behind/token", "/Vaults/0/token", "/Vaults/1/token", "/ByName/a/token", "/Holds/deep/0/token",
	"/Keeper/secret", "/Keepers/0/secret", "/Money/amount",
}

// TestDiffSecrets checks that no secret is in any change, in no way that one
// could come upon, and that each place of one says that it changed.
func TestDiffSecrets(t *testing.T) {
	key, err := activitylog.NewSecretKey([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	for i, format := range secrets {
		one, two := fmt.Sprintf(format, 1001+i), fmt.Sprintf(format, 2002+i)
		old, new := fill(one), fill(two)
		pairs := []struct {
			name     string
			old, new any
			at       string // where what has the secrets is
		}{
			{"changed", old, new, ""},
			{"created", nil, new, ""},
			{"deleted", &old, nil, ""},
			{"replaced", map[string]any{"x": old}, map[string]any{"x": []any{new}}, "/x"},
			{"in a list", []any{old}, []safe{new, old}, "/1"},
			{"beside a text", old, json.RawMessage("{}"), ""},
		}
		for _, pair := range pairs {
			for _, opts := range [][]activitylog.DiffOption{nil, {activitylog.WithSecretKey(key)}} {
				changes := activitylog.Diff(pair.old, pair.new, opts...)
				checkChanges(t, changes)
				found := make(map[string]bool)
				for _, c := range changes {
					found[c.Path] = found[c.Path] || c.Redacted
				}
				for _, place := range secretPlaces {
					if !found[pair.at+place] {
						t.Errorf("%s: nothing says that %s changed in\n%s", pair.name, pair.at+place, show(changes))
					}
				}
				text, _ := json.Marshal(changes)
				for _, s := range []string{one, two} {
					if form := findSecret(text, s); form != "" {
						t.Errorf("%s: %q is there as %s:\n%s", pair.name, s, form, text)
					}
				}
			}
		}
	}
}

// findSecret returns the form in which a secret is in a text, or "".
func findSecret(text []byte, s string) string {
	quoted, _ := json.Marshal(s)
	forms := map[string]string{
		"text": s, "JSON": string(quoted[1 : len(quoted)-1]), "Go": strings.Trim(fmt.Sprintf("%q", s), `"`),
		"hex": hex.EncodeToString([]byte(s)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(s))),
	}
	for skip := range 3 { // base64 of what comes before moves the groups
		b := base64.RawStdEncoding.EncodeToString([]byte(s[skip:]))
		forms[fmt.Sprint("base64 from ", skip)] = b[:len(b)-2]
		b = base64.RawURLEncoding.EncodeToString([]byte(s[skip:]))
		forms[fmt.Sprint("base64url from ", skip)] = b[:len(b)-2]
	}
	for name, form := range forms {
		if strings.Contains(string(text), form) {
			return name
		}
	}
	return ""
}

func TestFindSecret(t *testing.T) {
	s := "sk_live_\n0001"
	for _, text := range []string{s, `{"a":"sk_live_\n0001"}`, hex.EncodeToString([]byte(s)), base64.StdEncoding.EncodeToString([]byte("xy" + s))} {
		if findSecret([]byte(text), s) == "" {
			t.Errorf("not found in %s", text)
		}
	}
}

// TestFingerprint pins the format, by which old and new events are compared.
// The wanted one was made with Python's hmac.
func TestFingerprint(t *testing.T) {
	type item struct {
		A any `json:"a" activity:"secret"`
	}
	key, err := activitylog.NewSecretKey([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	old := map[string][]item{"lists": {{"x"}}}
	new := map[string][]item{"lists": {{map[string]any{
		"c": time.Date(2026, 11, 23, 11, 0, 0, 0, time.FixedZone("CET", 3600)), "b": []any{json.Number("1.20"), "<"}, "none": nil,
	}}}}
	changes := activitylog.Diff(old, new, activitylog.WithSecretKey(key))
	const want = `"hmac-sha256:3ea3e112ff1582e40262160ee005f3a30c7eb11e7d146cfc6a3e4974a0bb165a"`
	if len(changes) != 1 || string(changes[0].New) != want {
		t.Errorf("got\n%s\nwant %s", show(changes), want)
	}
}

func TestSecretKey(t *testing.T) {
	if _, err := activitylog.NewSecretKey(make([]byte, 15)); err == nil || !strings.Contains(err.Error(), "15 bytes") {
		t.Errorf("a short key gives %v", err)
	}
	random := []byte("0123456789abcdef")
	key, err := activitylog.NewSecretKey(random)
	if err != nil {
		t.Fatal(err)
	}
	random[0] = 'x'
	other, _ := activitylog.NewSecretKey(random)
	if text := fmt.Sprintf("%v %+v %#v", key, key, key); strings.Contains(text, "123456") || strings.Contains(text, "48 49 50") || strings.Contains(text, "0x31, 0x32") {
		t.Errorf("the key shows: %s", text)
	}

	type pair struct {
		A     any     `json:"a" activity:"secret"`
		B     any     `json:"b" activity:"secret"`
		Lists []vault `json:"lists"`
	}
	fingerprint := func(k activitylog.SecretKey, old, new any) activitylog.Change {
		t.Helper()
		changes := activitylog.Diff(old, new, activitylog.WithSecretKey(k))
		if len(changes) != 1 || !changes[0].Redacted {
			t.Fatalf("got\n%s", show(changes))
		}
		return changes[0]
	}
	c := fingerprint(key, pair{A: "one"}, pair{A: "two"})
	if !strings.HasPrefix(string(c.New), `"hmac-sha256:`) || len(c.New) != len(`"hmac-sha256:"`)+64 || string(c.Old) == string(c.New) {
		t.Fatalf("fingerprints are %s and %s", c.Old, c.New)
	}
	same := func(what string, want bool, got json.RawMessage) {
		t.Helper()
		if (string(got) == string(c.New)) != want {
			t.Errorf("%s: %s beside %s", what, got, c.New)
		}
	}
	same("the value it had", true, fingerprint(key, pair{A: "two"}, pair{}).Old)
	same("another type, one text", true, fingerprint(key, pair{}, pair{A: new("two")}).New)
	same("another field", false, fingerprint(key, pair{}, pair{B: "two"}).New)
	same("another key", false, fingerprint(other, pair{}, pair{A: "two"}).New)
	same("a number", false, fingerprint(key, pair{}, pair{A: 2}).New)
	if c := fingerprint(key, pair{}, pair{A: "x"}); len(c.Old) > 0 {
		t.Errorf("no value has the fingerprint %s", c.Old)
	}
	if c := fingerprint(activitylog.SecretKey{}, pair{}, pair{A: "x"}); len(c.New) > 0 {
		t.Errorf("without a key there is %s", c.New)
	}
	if a, b := fingerprint(key, pair{A: 1.0}, pair{}), fingerprint(key, pair{A: json.Number("10e-1")}, pair{}); string(a.Old) != string(b.Old) {
		t.Errorf("equal numbers have %s and %s", a.Old, b.Old)
	}
	for _, v := range []any{bad{"panic"}, []any{"x", bad{"panic"}}, strings.Repeat("x", 1<<20)} {
		if c := fingerprint(key, pair{A: "x"}, pair{A: v}); len(c.New) > 0 || len(c.Old) == 0 || !c.Truncated {
			t.Errorf("what cannot be read has %s, truncated: %v", c.New, c.Truncated)
		}
	}
	if c := fingerprint(key, pair{}, pair{A: bad{"panic"}}); !c.Truncated {
		t.Error("nothing says that a secret could not be read")
	}
	first := fingerprint(key, pair{Lists: []vault{{"a"}, {"z"}}}, pair{Lists: []vault{{"b"}, {"z"}}})
	second := fingerprint(key, pair{Lists: []vault{{"z"}, {"a"}}}, pair{Lists: []vault{{"z"}, {"b"}}})
	if first.Path == second.Path || string(first.New) != string(second.New) {
		t.Errorf("in a list, the place counts:\n%v\n%v", first, second)
	}
}
