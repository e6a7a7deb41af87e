// Package sensitive tells by its name whether a field is personal or secret.
package sensitive

import (
	"strings"

	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// A Class is what a field is, in the words of a mapping file's classify.
type Class string

// The classes that a name can tell.
const (
	Personal Class = "personal"
	Secret   Class = "secret"
)

// names are the names of fields that are personal or secret, as singular
// words of lower snake case. A longer name is told by the words in it.
var names = classes(map[Class]string{
	Secret: `
		password passwd pwd passphrase passcode secret token jwt credential otp totp pin cvv cvc csc cookie mnemonic
		api_key apikey access_key private_key signing_key encryption_key security_code recovery_code backup_code seed_phrase
	`,
	Personal: `
		email e_mail phone telephone msisdn mobile_number fax address street postcode postal_code zip_code
		iban bban card pan account_number ssn social_security tax_id taxid tax_number national_id id_number
		passport driver_license driving_licence birth birthday birthdate dob
		first_name last_name full_name given_name family_name middle_name maiden_name firstname lastname fullname surname
		gender nationality religion ethnicity salary ip
	`,
})

func classes(lists map[Class]string) map[string]Class {
	m := make(map[string]Class)
	for class, list := range lists {
		for name := range wordlist.Set(list) {
			m[name] = class
		}
	}
	return m
}

// aboutIt end a name that says something about a sensitive thing and is not
// the thing: token_id, email_verified, password_changed_at.
var aboutIt = wordlist.Set(`
	id uuid type kind status at on enabled disabled verified confirmed required changed expired expire expiry expiration
	length count limit used policy strategy method format template subject notification setting preference provider issuer
	brand network scheme version verification
`)

// aboutSecrets end the name of what may be told of a secret: token_name.
var aboutSecrets = wordlist.Set(`name title label prefix scope purpose`)

// howMany begin a name that counts or asks: max_tokens, has_password.
var howMany = wordlist.Set(`max min num total count is has can prompt completion`)

// Looks returns the class of which a field seems to be, "" if it seems
// harmless. path holds the field's name, or the names on the way to it.
func Looks(path []string) Class {
	var words []string
	for _, name := range path {
		for word := range strings.SplitSeq(infer.Snake(name), "_") {
			word = strings.TrimRight(word, "0123456789")
			if len(words) == 0 && howMany[word] {
				return ""
			}
			if word != "" {
				words = append(words, infer.Singular(word))
			}
		}
	}
	found := Class("")
	for i := range words {
		last := words[len(words)-1]
		class, end := phraseAt(words, i)
		switch behind := end < len(words); {
		case class == "", behind && aboutIt[last], behind && class == Secret && aboutSecrets[last]:
		case class == Secret:
			return Secret
		default:
			found = class
		}
	}
	return found
}

// phraseAt returns the class of the sensitive name that begins at i, and where
// it ends.
func phraseAt(words []string, i int) (class Class, end int) {
	if i+1 < len(words) {
		if class := names[words[i]+"_"+words[i+1]]; class != "" {
			return class, i + 2
		}
	}
	return names[words[i]], i + 1
}

// NamesCollection reports whether a path parameter is called like the segment
// before it: the card of /cards/{card} is the id of one, not its number.
func NamesCollection(t route.Template, param string) bool {
	at, before := 0, ""
	for _, s := range t.Segments {
		for range s.Params {
			if t.Params[at] == param {
				return before != "" && strings.HasPrefix(infer.Snake(param), infer.Singular(infer.Snake(before)))
			}
			at++
		}
		before = s.Word
	}
	return false
}
