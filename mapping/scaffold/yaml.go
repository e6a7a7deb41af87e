package scaffold

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const screen = 100 // columns that a line should not exceed

// ruleLines returns the lines of a group of rules below routes, their values
// aligned as far as they fit on a screen.
func ruleLines(group entries, indent string) []string {
	column := 0
	for _, e := range group {
		if c := e.keyWidth(indent) + 1; c > column && fit(group, indent, c) {
			column = c
		}
	}
	var lines []string
	for _, e := range group {
		lines = append(lines, e.lines(indent, column)...)
	}
	return lines
}

// fit reports whether the values of all rules with shorter keys fit on a
// screen in that column.
func fit(group entries, indent string, column int) bool {
	return !slices.ContainsFunc(group, func(e entry) bool {
		return e.keyWidth(indent) < column && column+width(e.value()) > screen
	})
}

func (e entry) keyWidth(indent string) int { return width(indent + blockText(e.key()) + ":") }

// lines returns a rule with its value in the column if it fits there; behind
// its key if it fits there; else below it.
func (e entry) lines(indent string, column int) []string {
	key := indent + blockText(e.key()) + ":"
	line := key + strings.Repeat(" ", max(column-width(key), 1)) + e.value()
	if width(line) > screen {
		line = key + " " + e.value()
	}
	lines := []string{line}
	if width(line) > screen {
		lines = []string{key, indent + "  " + e.field()}
	}
	if e.doubt != "" {
		if last := lines[len(lines)-1] + "  # " + e.doubt; width(last) <= screen {
			lines[len(lines)-1] = last
		} else {
			lines = append([]string{indent + "# " + e.doubt + ":"}, lines...)
		}
	}
	return lines
}

func (e entry) value() string { return "{" + e.field() + "}" }

func (e entry) field() string {
	if e.code == "" {
		return "ignore: " + quoted(e.ignore)
	}
	return "code: " + string(e.code)
}

func width(line string) int { return utf8.RuneCountInString(line) }

// plain matches text that is itself in every YAML version, also in brackets.
// Words with a meaning of their own (yes, null, .inf) and numbers do not
// match: what is written here begins with a capital, a slash, or is a code.
var plain = regexp.MustCompile(`^(/[\w./:~-]*\w|[A-Za-z][\w./-]*)$`)

// reserved are the words that YAML reads as something else than text.
var reserved = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)

// flowText writes text as a scalar within brackets.
func flowText(text string) string {
	if plain.MatchString(text) && !reserved.MatchString(text) {
		return strings.ReplaceAll(text, "$", "$$")
	}
	return quoted(text)
}

// blockKey matches what is a plain key of a block mapping: a method and a path.
var blockKey = regexp.MustCompile(`^[A-Z]+ /[\w./:~{}*@$,;()!+=-]*$`)

// blockText writes the key of a rule.
func blockText(key string) string {
	if blockKey.MatchString(key) && !strings.HasSuffix(key, ":") {
		return key
	}
	return quotedAsIs(key)
}

// titleText matches what needs no quotes as a title.
var titleText = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*( [A-Za-z0-9]+)+$`)

func title(text string) string {
	if titleText.MatchString(text) {
		return text
	}
	return quoted(text)
}

// quoted writes a value in quotes; dollar signs are doubled, since values may
// refer to the environment.
func quoted(text string) string { return quotedAsIs(strings.ReplaceAll(text, "$", "$$")) }

// quotedAsIs writes text in double quotes.
func quotedAsIs(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
