package secret

import "strings"

// A class is a set of characters.
type class uint8

const (
	digit        class = iota // 0-9
	hex                       // 0-9 a-f A-F
	upper                     // A-Z 0-9
	alphanumeric              // A-Z a-z 0-9
	word                      // alphanumeric _ -, as in base64 for URLs
	dotted                    // word .
	padded                    // alphanumeric + / =, as in base64
	bearer                    // dotted ~ + / =, as in RFC 6750
	value                     // what the value of an unquoted name=value may have
	authority                 // value without / ? #, as in a URL
	visible                   // all but the ends of lines
	classes
)

var members = [classes]string{
	digit: "0-9", hex: "0-9a-fA-F", upper: "A-Z0-9", alphanumeric: "A-Za-z0-9",
	word: "A-Za-z0-9_-", dotted: "A-Za-z0-9_.-", padded: "A-Za-z0-9+/=",
	bearer: "A-Za-z0-9_.~+/=-",
}

// table has a bit for each class that a character is in.
var table = func() (t [256]uint16) {
	for c, list := range members {
		for i := 0; i < len(list); i++ {
			last := list[i]
			if i+2 < len(list) && list[i+1] == '-' {
				last = list[i+2]
			}
			for m := int(list[i]); m <= int(last); m++ {
				t[m] |= 1 << c
			}
			if last != list[i] {
				i += 2
			}
		}
	}
	for c := range t {
		if c >= ' ' {
			t[c] |= 1 << visible
		}
		if c <= ' ' || c == 0x7f || strings.IndexByte("\"'`&,;<>()[]{}|", byte(c)) >= 0 {
			continue
		}
		t[c] |= 1 << value
		if c != '/' && c != '?' && c != '#' {
			t[c] |= 1 << authority
		}
	}
	return t
}()

func (c class) has(b byte) bool { return table[b]>>c&1 != 0 }

func count(s string, c class) int {
	n := 0
	for n < len(s) && c.has(s[n]) {
		n++
	}
	return n
}
