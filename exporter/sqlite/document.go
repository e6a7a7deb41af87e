package sqlite

import (
	"encoding/json"
	"errors"

	"github.com/activitylog-go/activitylog"
)

// A document is the columns of a row that are JSON.
type document struct {
	targets, targetNames, changes, changeValues, attributes []byte
}

// changeValue is what a change has that may say who a person is.
type changeValue struct {
	Old json.RawMessage `json:"old"`
	New json.RawMessage `json:"new"`
}

func (d document) decode(e *activitylog.Event) error {
	var names []string
	var values []changeValue
	for _, part := range []struct {
		text []byte
		into any
	}{{d.targets, &e.Targets}, {d.targetNames, &names}, {d.changes, &e.Changes}, {d.changeValues, &values}, {d.attributes, &e.Attributes}} {
		if part.text == nil {
			continue
		}
		if err := json.Unmarshal(part.text, part.into); err != nil {
			return err
		}
	}
	if len(names) > len(e.Targets) || len(values) > len(e.Changes) {
		return errors.New("it names more than it has")
	}
	for i, name := range names {
		e.Targets[i].Name = name
	}
	for i, v := range values {
		e.Changes[i].Old, e.Changes[i].New = v.Old, v.New
	}
	return nil
}

// encodeTargets returns the targets without their names, and these.
func encodeTargets(all []activitylog.Target) (targets, names any, err error) {
	if len(all) == 0 {
		return nil, nil, nil
	}
	bare, texts, hasName := make([]activitylog.Target, len(all)), make([]string, len(all)), false
	for i, t := range all {
		texts[i], hasName = t.Name, hasName || t.Name != ""
		t.Name = ""
		bare[i] = t
	}
	b, err := json.Marshal(bare)
	if err != nil || !hasName {
		return string(b), nil, err
	}
	n, err := json.Marshal(texts)
	return string(b), string(n), err
}

func encodeAttributes(a activitylog.Attributes) (any, error) {
	if len(a) == 0 {
		return nil, nil
	}
	b, err := a.MarshalJSON() // json.Marshal would go over the bytes again
	return string(b), err
}

// encodeChanges returns the changes without their values, and these in the
// bytes that they have, which encoding/json would not keep.
func encodeChanges(all []activitylog.Change) (changes, values any) {
	if len(all) == 0 {
		return nil, nil
	}
	var b, v []byte
	hasValue := false
	for _, c := range all {
		b, v = append(b, ','), append(v, ',')
		path, _ := json.Marshal(c.Path) // a string always has a JSON form
		b = append(append(b, `{"path":`...), path...)
		if c.Redacted {
			b = append(b, `,"redacted":true`...)
		}
		if c.Truncated {
			b = append(b, `,"truncated":true`...)
		}
		b = append(b, '}')
		v = appendValue(v, c)
		hasValue = hasValue || len(c.Old)+len(c.New) > 0
	}
	b[0], v[0] = '[', '['
	if !hasValue {
		return string(append(b, ']')), nil
	}
	return string(append(b, ']')), string(append(v, ']'))
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
