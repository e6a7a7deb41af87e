package catalogue

import (
	"fmt"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// A Template is a sentence with placeholders, such as
//
//	{actor} changed role of {target} from {change./role.old} to {change./role.new}
//
// [Placeholders] lists them. A change or an attribute may be told as one of
// the [Types]: {change./limit.new|money}. Two braces stand for one.
type Template struct {
	pieces []piece
	style  *style
	fields []pointer.Pattern // whose changes it tells
}

// MaxTemplate is the length in bytes of the longest template.
const MaxTemplate = 500

// A TemplateError says what is wrong with a template.
type TemplateError struct {
	Offset int // of the problem within the template, in bytes
	Msg    string
}

func (e *TemplateError) Error() string { return "template: " + e.Msg }

// ParseTemplate reads a template. Its error is a [*TemplateError].
func ParseTemplate(text string) (Template, error) { return parseTemplate(text, english) }

func parseTemplate(text string, s *style) (Template, error) {
	fail := func(offset int, format string, args ...any) (Template, error) {
		return Template{}, &TemplateError{Offset: offset, Msg: fmt.Sprintf(format, args...)}
	}
	if len(text) > MaxTemplate {
		return fail(MaxTemplate, "it is %d bytes long, the longest may be %d", len(text), MaxTemplate)
	}
	t := Template{style: s}
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			t.pieces = append(t.pieces, piece{text: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case (c == '{' || c == '}') && i+1 < len(text) && text[i+1] == c:
			literal.WriteByte(c)
			i++
		case c == '}':
			return fail(i, `"}" without "{": write "}}" for a brace in the text`)
		case c == '{':
			end := strings.IndexAny(text[i+1:], "{}")
			if end < 0 || text[i+1+end] == '{' {
				return fail(i, `"{" without "}": write "{{" for a brace in the text`)
			}
			flush()
			p, err := newPiece(text[i+1:i+1+end], s)
			if err != nil {
				return fail(i+1+err.Offset, "%s", err.Msg)
			}
			t.pieces = append(t.pieces, p)
			if p.field != (pointer.Pattern{}) && !slices.Contains(t.fields, p.field) {
				t.fields = append(t.fields, p.field)
			}
			i += end + 1
		default:
			literal.WriteByte(c)
		}
	}
	flush()
	if strings.TrimSpace(text) == "" {
		return fail(0, "it is empty")
	}
	return t, nil
}

// Fields returns JSON pointers or patterns of the fields whose changes the
// template tells, in their order.
func (t Template) Fields() []string {
	fields := make([]string, len(t.fields))
	for i, p := range t.fields {
		fields[i] = p.String()
	}
	return fields
}

// append appends the sentence and reports whether every placeholder had a value.
func (t *Template) append(b []byte, e *activitylog.Event) ([]byte, bool) {
	for i := range t.pieces {
		p := &t.pieces[i]
		if p.value == nil {
			b = append(b, p.text...)
			continue
		}
		var ok bool
		if b, ok = p.value(b, e, p); !ok {
			return b, false
		}
	}
	return b, true
}
