package lint

import (
	"cmp"
	"slices"

	"github.com/activitylog-go/activitylog/mapping"
)

// A Finding is something in a mapping that a person has to decide or mend.
type Finding struct {
	Pos   mapping.Pos // in the mapping or in a list of routes; zero if there is no file
	Check string      // the name of the check, one of [Checks]; "" for what does not load
	Msg   string      // what is found and what to do, on one line
	Fix   string      // YAML that settles it, with the key that it belongs to; may be empty
}

// String returns "FILE:LINE:COLUMN: message (check)".
func (f Finding) String() string {
	text := f.Msg
	if f.Check != "" {
		text += " (" + f.Check + ")"
	}
	if f.Pos.IsZero() {
		return text
	}
	return f.Pos.String() + ": " + text
}

func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Pos.File, b.Pos.File),
		cmp.Compare(a.Pos.Line, b.Pos.Line),
		cmp.Compare(a.Pos.Column, b.Pos.Column),
		cmp.Compare(a.Check, b.Check),
		cmp.Compare(a.Msg, b.Msg))
}

// The names of the checks. They do not change from release to release.
const (
	Unmapped           = "unmapped"
	Unreachable        = "unreachable"
	Shadowed           = "shadowed"
	ShadowedCase       = "shadowed-case"
	UnknownCode        = "unknown-code"
	UnusedCode         = "unused-code"
	UnusedWord         = "unused-word"
	UnusedTenant       = "unused-tenant"
	Tense              = "tense"
	Unclassified       = "unclassified"
	NoSentence         = "no-sentence"
	MissingTranslation = "missing-translation"
)

// Info describes a check.
type Info struct {
	Name        string
	Doc         string // what it finds, in one sentence
	NeedsRoutes bool   // it is left out if the routes of the API are not known and may be inferred
}

// Checks lists the checks.
func Checks() []Info { return slices.Clone(checks) }

var checks = []Info{
	{Unmapped, "A mutating route has neither a code nor an exemption.", true},
	{Unreachable, "A rule is reached by no route.", true},
	{Shadowed, "A rule is reached by no route, because another rule takes its requests.", true},
	{ShadowedCase, "A case never decides, because the cases before it take its requests.", false},
	{UnknownCode, "A code is not in the catalogue, or is there under another name by now.", false},
	{UnusedCode, "A code of the catalogue is emitted by no route.", true},
	{UnusedWord, "An entry of words or verbs is used by no route.", true},
	{UnusedTenant, "The path parameter that names the tenant is in no route.", true},
	{Tense, "A verb is not in the past tense.", false},
	{Unclassified, "A captured field looks personal or secret, and nothing says what it is.", false},
	{NoSentence, "A code of the file has no sentence.", false},
	{MissingTranslation, "A code of the file lacks a language that others have.", false},
}
