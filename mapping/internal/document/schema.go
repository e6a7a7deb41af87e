package document

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// patterns are the forms that the tags pattern and keys name.
var patterns = map[string]string{
	"code":  `^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*:[a-z][a-z0-9_]*$`,
	"path":  `^/.`,
	"route": `^(GET|HEAD|POST|PUT|PATCH|DELETE) /`,
}

// environmentPattern is the form of a value that only the environment knows.
const environmentPattern = `\$\{env:`

// A schema is a JSON Schema. Its keys are in the order in which it is written.
type schema struct {
	Schema      string             `json:"$schema,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Ref         string             `json:"$ref,omitempty"`
	AllOf       []*schema          `json:"allOf,omitempty"`
	AnyOf       []*schema          `json:"anyOf,omitempty"`
	Type        any                `json:"type,omitempty"` // a string or several
	Enum        []any              `json:"enum,omitempty"`
	Pattern     string             `json:"pattern,omitempty"`
	MinLength   int                `json:"minLength,omitempty"`
	MinItems    int                `json:"minItems,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	Names       *schema            `json:"propertyNames,omitempty"`
	Required    []string           `json:"required,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	Additional  any                `json:"additionalProperties,omitempty"` // a schema or false
	Definitions map[string]*schema `json:"definitions,omitempty"`
}

// Schema returns the JSON Schema of a mapping file. It is written in draft 7,
// the latest that editors of every age understand: the YAML language server
// read nothing newer for years, and nothing that we say needs it.
func Schema() []byte {
	g := generator{}
	root := g.object(reflect.TypeFor[Document]())
	root.Schema = "http://json-schema.org/draft-07/schema#"
	root.Title = "activitylog mapping"
	root.Description = "Which HTTP requests are events of the activity log, and which codes they have."
	root.Definitions = g
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		panic("document: " + err.Error()) // a mistake in this package
	}
	return text.Bytes()
}

// A generator holds the definitions so far, by the name of the type.
type generator map[string]*schema

// object returns the schema of a struct.
func (g generator) object(t reflect.Type) *schema {
	s := &schema{Type: "object", Additional: false, Properties: make(map[string]*schema)}
	for _, key := range keysOf(t) {
		f := fieldOf(t, key)
		p := g.value(f.Type, f.Tag)
		if p.Ref != "" { // draft 7 ignores what stands beside a reference
			p = &schema{AllOf: []*schema{p}}
		}
		p.Description = f.Tag.Get("doc")
		if f.Tag.Get("main") != "" {
			p.Description += " Not in an included file."
		}
		s.Properties[key] = p
		if f.Tag.Get("required") != "" {
			s.Required = append(s.Required, key)
		}
	}
	return s
}

// value returns the schema of what a field, or an element of it, may be.
func (g generator) value(t reflect.Type, tag reflect.StructTag) *schema {
	switch {
	case t == reflect.TypeFor[Text]():
		return text(tag)
	case t == reflect.TypeFor[Sentence]():
		return &schema{AnyOf: []*schema{text(tag), g.reference(t)}}
	case t == reflect.TypeFor[*Event]():
		return &schema{AnyOf: []*schema{g.reference(t.Elem()), {Type: "null"}}}
	case t.Kind() == reflect.Pointer:
		return g.reference(t.Elem())
	case reflect.PointerTo(t).Implements(reflect.TypeFor[decodable]()): // a Map
		s := &schema{Type: "object", Additional: g.value(t.Elem().Field(1).Type, tag)}
		if keys := tag.Get("keys"); keys != "" {
			s.Names = &schema{Pattern: patterns[keys]}
		}
		return s
	}
	one := g.value(t.Elem(), tag) // a list, or one of what it lists
	return &schema{AnyOf: []*schema{one, {Type: "array", MinItems: 1, Items: one}}}
}

// reference returns a reference to the definition of a struct.
func (g generator) reference(t reflect.Type) *schema {
	if g[t.Name()] == nil {
		g[t.Name()] = &schema{} // should it refer to itself
		g[t.Name()] = g.object(t)
	}
	return &schema{Ref: "#/definitions/" + t.Name()}
}

// text returns the schema of a text: what the file spells, of any kind.
func text(tag reflect.StructTag) *schema {
	if enum := tag.Get("enum"); enum != "" {
		s := &schema{}
		for word := range strings.SplitSeq(enum, ",") {
			s.Enum = append(s.Enum, word)
			if number, err := strconv.Atoi(word); err == nil {
				s.Enum = append(s.Enum, number)
			}
		}
		return &schema{AnyOf: []*schema{s, {Type: "string", Pattern: environmentPattern}}}
	}
	s := &schema{Type: []string{"string", "number", "boolean"}, MinLength: 1}
	if form := tag.Get("pattern"); form != "" {
		s = &schema{Type: "string", Pattern: patterns[form] + "|" + environmentPattern}
	}
	return s
}
