package catalogue

import (
	"errors"
	"fmt"

	activitylog "github.com/activitylog-go/activitylog"
)

// An EntryError is one problem of an entry. It says where in the entry the
// problem is, so that whoever has read the entry from a file can point there.
type EntryError struct {
	Code     activitylog.Code
	Alias    activitylog.Code // the alias at fault, if it is one
	Language string           // the tag of the translation at fault, as the entry has it
	Err      error            // wraps a [*TemplateError] if it is a template
}

func (e *EntryError) Error() string {
	if e.Language != "" {
		return fmt.Sprintf("%s: translation %q: %v", e.Code, e.Language, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Code, e.Err)
}

func (e *EntryError) Unwrap() error { return e.Err }

// problems are those of all entries.
type problems []error

func (p *problems) add(where EntryError, format string, args ...any) {
	where.Err = fmt.Errorf(format, args...)
	*p = append(*p, &where)
}

func (p problems) err() error { return errors.Join(p...) }
