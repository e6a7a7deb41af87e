package diff

import (
	"encoding"
	"encoding/json"
	"reflect"
	"time"
)

// A form is how values of a type are read.
type form uint8

const (
	formKind   form = iota // as the kind says
	formFields             // a struct, field by field
	formBytes              // base64
	formTime
	formNull   // of database/sql: no value unless the second field says so
	formNumber // json.Number
	formJSON   // by MarshalJSON
	formText   // by MarshalText
	formHidden // has secrets that only its methods reach, which do not know them
)

var (
	timeType      = reflect.TypeFor[time.Time]()
	numberType    = reflect.TypeFor[json.Number]()
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func formOf(t reflect.Type) form {
	switch {
	case t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface:
		return formKind
	case t == timeType:
		return formTime
	case t == numberType:
		return formNumber
	case isNull(t):
		return formNull
	}
	own := formKind
	if reflect.PointerTo(t).Implements(marshaler) {
		own = formJSON
	} else if reflect.PointerTo(t).Implements(textMarshaler) {
		own = formText
	}
	if own != formKind {
		switch {
		case !hides(t, make(map[reflect.Type]bool)):
			return own
		case t.Kind() == reflect.Struct && len(fieldsOf(t)) == 0:
			return formHidden
		}
	}
	switch {
	case t.Kind() == reflect.Struct:
		return formFields
	case t.Kind() == reflect.Slice && isByte(t.Elem()):
		return formBytes
	}
	return formKind
}

// isNull reports whether t is one of database/sql's Null types: a value and
// whether there is one.
func isNull(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() == "database/sql" && t.NumField() == 2 &&
		t.Field(1).Name == "Valid" && t.Field(1).Type.Kind() == reflect.Bool
}

func isByte(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() == reflect.Uint8 && !p.Implements(marshaler) && !p.Implements(textMarshaler)
}
