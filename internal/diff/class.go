package diff

import "reflect"

const tagName = "activity"

// A class says what becomes of a field; of two, the greater one holds.
type class uint8

const (
	unclassified class = iota
	tracked
	ignored
	secret
)

const tagKey = "key"

// classWords are the words of the tag.
var classWords = map[string]class{"": unclassified, "track": tracked, tagKey: tracked, "ignore": ignored, "secret": secret}

// classOf returns what a tag means. A word that nobody knows is probably a
// misspelt secret.
func classOf(tag string) (c class, known bool) {
	if c, known = classWords[tag]; !known {
		c = secret
	}
	return c, known
}

// hides reports whether t has a field in it that is ignored or secret.
func hides(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return hides(t.Elem(), seen)
	case reflect.Map:
		return hides(t.Key(), seen) || hides(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if c, _ := classOf(f.Tag.Get(tagName)); c >= ignored || hides(f.Type, seen) {
				return true
			}
		}
	}
	return false
}
