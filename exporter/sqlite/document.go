package sqlite

import (
	"database/sql"
	"encoding/json"

	"github.com/activitylog-go/activitylog"
)

// A document is the columns of a row that are JSON, NULL for none.
type document struct {
	targets, targetNames, changes, changeValues, attributes sql.NullString
}

// encode returns the document of an event, in the bytes that encoding/json
// makes of the same, but values of changes in those that they have.
func encode(e *activitylog.Event) (d document, err error) {
	d.targets, d.targetNames = encodeTargets(e.Targets)
	d.changes, d.changeValues = encodeChanges(e.Changes)
	if len(e.Attributes) > 0 {
		var b []byte
		b, err = e.Attributes.MarshalJSON() // json.Marshal would go over the bytes again
		d.attributes = nullable(string(b))
	}
	return d, err
}

func nullable(text string) sql.NullString { return sql.NullString{String: text, Valid: text != ""} }

// value is what the driver takes for a column: it goes a longer way with
// anything but texts, numbers and nil.
func value(column sql.NullString) any {
	if !column.Valid {
		return nil
	}
	return column.String
}

// encodeTargets returns the targets without their names, and these.
func encodeTargets(all []activitylog.Target) (targets, names sql.NullString) {
	var b, n []byte
	hasName := false
	for _, t := range all {
		b = appendText(append(b, `,{"type":`...), t.Type)
		if t.ID != "" {
			b = appendText(append(b, `,"id":`...), t.ID)
		}
		b = append(b, '}')
		n = appendText(append(n, ','), t.Name)
		hasName = hasName || t.Name != ""
	}
	return listText(b, len(all) > 0), listText(n, hasName)
}

// encodeChanges returns the changes without their values, and these.
func encodeChanges(all []activitylog.Change) (changes, values sql.NullString) {
	var b, v []byte
	hasValue := false
	for _, c := range all {
		b = appendText(append(b, `,{"path":`...), c.Path)
		if c.Redacted {
			b = append(b, `,"redacted":true`...)
		}
		if c.Truncated {
			b = append(b, `,"truncated":true`...)
		}
		b = append(b, '}')
		v = appendValue(append(v, ','), c)
		hasValue = hasValue || len(c.Old)+len(c.New) > 0
	}
	return listText(b, len(all) > 0), listText(v, hasValue)
}

func appendValue(b []byte, c activitylog.Change) []byte {
	b = append(b, '{')
	if len(c.Old) > 0 {
		b = append(append(b, `"old":`...), c.Old...)
	}
	if len(c.New) > 0 {
		if len(c.Old) > 0 {
			b = append(b, ',')
		}
		b = append(append(b, `"new":`...), c.New...)
	}
	return append(b, '}')
}

// listText returns items, each of which has a comma in front, as a list, or NULL.
func listText(items []byte, isWanted bool) sql.NullString {
	if !isWanted {
		return sql.NullString{}
	}
	items[0] = '['
	return nullable(string(append(items, ']')))
}

func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, _ := json.Marshal(s) // a string always has a JSON form
			return append(b, text...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
