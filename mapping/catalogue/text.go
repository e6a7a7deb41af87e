package catalogue

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/activitylog-go/activitylog/internal/secret"
	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

const (
	maxValue     = 200 // bytes of a value within a sentence
	maxJSONValue = 80
)

// appendText appends a value on one line, cut at limit bytes. What is cut or
// reworded can no longer be recognised as a secret, so it goes here.
func appendText(b []byte, s string, limit int) []byte {
	s, _ = secret.Redact(s)
	cut := len(s) > limit
	if cut {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit]
	}
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == 0x7f {
			c = ' '
		}
		b = append(b, c)
	}
	if cut {
		b = append(b, "…"...)
	}
	return b
}

// appendJSON appends a JSON text; a string without its quotes.
func appendJSON(b []byte, v json.RawMessage) []byte { return appendText(b, jsonText(v), maxJSONValue) }

// jsonText returns a JSON text; a string without its quotes.
func jsonText(v json.RawMessage) string {
	var s string
	if len(v) > 0 && v[0] == '"' && json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// appendWords appends a code's part as words: "org API key" for org.api_key.
func appendWords(b []byte, s string) []byte {
	start := len(b)
	b = appendText(b, s, maxValue)
	word := start
	for i := start; i < len(b); i++ {
		if b[i] == '_' || b[i] == '.' || b[i] == ':' {
			b[i] = ' '
		}
		if b[i] == ' ' {
			upperInitials(b[word:i])
			word = i + 1
		}
	}
	upperInitials(b[word:])
	return b
}

// upperInitials writes a word in upper case if it is made of initials.
func upperInitials(word []byte) {
	if !initials[string(word)] {
		return
	}
	for i := range word {
		word[i] -= 'a' - 'A'
	}
}

// initials are words that English writes in upper case.
var initials = wordlist.Set(`
	api url uri sms sso mfa otp totp ip vat iban bic fx csv pdf html json xml http dns ssl tls ssh vpn gpg
	cdn vm cpu gpu sku kyc kyb aml saml oidc scim ldap aws gcp ssn qr ui id
`)

// appendField appends the words of a JSON pointer: "address city" for
// "/address/city".
func appendField(b []byte, pointer string) []byte {
	start := len(b)
	b = appendText(b, strings.TrimPrefix(pointer, "/"), maxJSONValue)
	name := b[start:]
	b = b[:start]
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '/' || c == '_':
			b = append(b, ' ')
		case c == '~' && i+1 < len(name) && name[i+1] == '1':
			b = append(b, '/')
			i++
		case c == '~' && i+1 < len(name) && name[i+1] == '0':
			b = append(b, '~')
			i++
		default:
			b = append(b, c)
		}
	}
	return b
}
