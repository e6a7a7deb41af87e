package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// needles finds many texts in many bytes at once: by the first bytes of each
// form in which a text may have been written.
type needles map[string][]needle

type needle struct{ text, form, what string }

// shortest is the length of the shortest text that chance does not write.
const shortest = 12

// add looks for text from now on; what says what it is.
func (n needles) add(text, what string) {
	added := map[string]bool{}
	for form, written := range forms(text) {
		if len(written) >= shortest && !added[written] {
			added[written] = true
			n[written[:shortest]] = append(n[written[:shortest]], needle{written, form, what})
		}
	}
}

// forms returns text as it is written in other formats.
func forms(text string) map[string]string {
	inJSON := func(s string) string {
		b, _ := json.Marshal(s)
		return string(b[1 : len(b)-1])
	}
	all := map[string]string{
		"plain": text, "path": url.PathEscape(text), "query": url.QueryEscape(text),
		"JSON": inJSON(text), "JSON in JSON": inJSON(inJSON(text)),
		"hexadecimal": hex.EncodeToString([]byte(text)), "HEXADECIMAL": strings.ToUpper(hex.EncodeToString([]byte(text))),
	}
	for shift := range 3 { // a text anywhere in another one, in base64: without what depends on its neighbours
		whole := text[shift : shift+(len(text)-shift)/3*3]
		all["base64, shifted by "+string('0'+rune(shift))] = base64.StdEncoding.EncodeToString([]byte(whole))
		all["base64 for URLs, shifted by "+string('0'+rune(shift))] = base64.URLEncoding.EncodeToString([]byte(whole))
	}
	return all
}

// in returns what is found in the bytes.
func (n needles) in(hay []byte) (found []needle) {
	seen := map[needle]bool{}
	for i := 0; i+shortest <= len(hay); i++ {
		for _, needle := range n[string(hay[i:i+shortest])] {
			if !seen[needle] && bytes.HasPrefix(hay[i:], []byte(needle.text)) {
				seen[needle] = true
				found = append(found, needle)
			}
		}
	}
	return found
}

// TestNeedles checks that a text is found in each form.
func TestNeedles(t *testing.T) {
	const text = `a "secret" of / many + signs`
	n := needles{}
	n.add(text, "it")
	nested, _ := json.Marshal(text)
	nested, _ = json.Marshal(string(nested))
	for name, hay := range map[string]string{
		"plain": "x" + text, "query": "?a=" + url.QueryEscape(text), "JSON": string(nested),
		"hexadecimal": hex.EncodeToString([]byte("x" + text)), "base64": base64.StdEncoding.EncodeToString([]byte("xx" + text + "yy")),
		"base64, shifted": base64.RawURLEncoding.EncodeToString([]byte("x" + text + "y")),
	} {
		if len(n.in([]byte(hay))) == 0 {
			t.Errorf("%s is not found in %s", name, hay)
		}
	}
	if found := n.in([]byte(strings.Repeat("a secret of many signs ", 9))); len(found) > 0 {
		t.Errorf("found %v where nothing is", found)
	}
}
