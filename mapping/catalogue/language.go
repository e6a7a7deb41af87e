package catalogue

import (
	"fmt"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
)

// English is the tag of the language that every catalogue speaks.
const English = "en"

const maxTag = 35 // bytes, as RFC 5646 recommends to hold

// ParseTag returns a language tag (BCP 47) in its canonical case, "pt-BR" for
// "PT-br", or an error if it is none.
func ParseTag(tag string) (string, error) {
	subtags := strings.Split(tag, "-")
	for i, s := range subtags {
		dangling := len(s) == 1 && i == len(subtags)-1 // a singleton only leads others
		if len(tag) > maxTag || !isSubtag(s) || i == 0 && !isLanguage(s) || dangling {
			return "", fmt.Errorf("%.40q is no language tag: write it as in de or pt-BR", tag)
		}
		s = strings.ToLower(s)
		switch {
		case i == 0 || len(subtags[i-1]) == 1: // behind a singleton nothing is a region
		case len(s) == 2:
			s = strings.ToUpper(s)
		case len(s) == 4 && s[0] >= 'a':
			s = strings.ToUpper(s[:1]) + s[1:]
		}
		subtags[i] = s
	}
	return strings.Join(subtags, "-"), nil
}

func isLanguage(s string) bool {
	return len(s) >= 2 && !strings.ContainsAny(s, "0123456789")
}

func isSubtag(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 8
}

// parent returns the next more general tag, "de" for "de-AT", or "". For
// "de-x-own" it is "de-x", which is no tag and which no entry has.
func parent(tag string) string { return tag[:max(strings.LastIndexByte(tag, '-'), 0)] }

// wordings returns what the entry says in the language, in the more general
// ones, and in English.
func (e *compiled) wordings(lang string) []*wording {
	if len(e.translated) > 0 && lang != English {
		tag, _ := ParseTag(lang)
		for ; tag != ""; tag = parent(tag) {
			if w, ok := e.translated[tag]; ok {
				return w
			}
		}
	}
	return e.english
}

// TitleIn returns the title of a code in the language with that tag, in the
// next more general one, or as [Catalogue.Title] does.
func (c *Catalogue) TitleIn(lang string, code activitylog.Code) string {
	if e := c.find(code); e != nil {
		for _, w := range e.wordings(lang) {
			if w.title != "" {
				return w.title
			}
		}
		code = e.Code
	}
	return draftTitle(code)
}

// Languages returns the tags of the languages that some entry of the
// catalogue is told in, sorted: English and those that it is translated to.
func (c *Catalogue) Languages() []string {
	if c == nil {
		return []string{English}
	}
	return slices.Clone(c.languages)
}
