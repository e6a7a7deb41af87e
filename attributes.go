package activitylog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
)

// Attributes is what an application adds to an event: strings, booleans,
// integers and floating-point numbers under names of its own. Its JSON form
// is deterministic: names are sorted and a floating-point number always has a
// point or an exponent, so that the kinds survive.
type Attributes []attribute.KeyValue

// Set adds a value under a name, or replaces the one that is there. A value
// that is no string, boolean or number is kept as JSON text.
func (a *Attributes) Set(name string, value any) {
	a.set(attribute.KeyValue{Key: attribute.Key(name), Value: attributeValue(value)})
}

func (a *Attributes) set(kv attribute.KeyValue) {
	for i := range *a {
		if (*a)[i].Key == kv.Key {
			(*a)[i] = kv
			return
		}
	}
	*a = append(*a, kv)
}

// Get returns the value under a name.
func (a Attributes) Get(name string) (attribute.Value, bool) {
	for _, kv := range a {
		if string(kv.Key) == name {
			return kv.Value, true
		}
	}
	return attribute.Value{}, false
}

func attributeValue(v any) attribute.Value {
	switch v := v.(type) {
	case string:
		return attribute.StringValue(v)
	case bool:
		return attribute.BoolValue(v)
	case int:
		return attribute.Int64Value(int64(v))
	case int32:
		return attribute.Int64Value(int64(v))
	case int64:
		return attribute.Int64Value(v)
	case uint32:
		return attribute.Int64Value(int64(v))
	case float64:
		return plainValue(attribute.Float64Value(v))
	case time.Time:
		return attribute.StringValue(v.Format(time.RFC3339Nano))
	case fmt.Stringer, error:
		return attribute.StringValue(fmt.Sprint(v)) // unlike a call of its method, also if v is a nil pointer
	case nil:
		return attribute.StringValue("")
	default:
		return jsonValue(encodeValue(v))
	}
}

// jsonValue returns what a JSON text stands for, or the text itself if that is
// no string, boolean or number: other types that Go has for these, and those
// of the application's own, are the same in JSON.
func jsonValue(text []byte) attribute.Value {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) == nil {
		switch v := v.(type) {
		case string:
			return attribute.StringValue(v)
		case bool:
			return attribute.BoolValue(v)
		case json.Number:
			if n, err := decodeNumber(v); err == nil {
				return attributeValue(n)
			}
		}
	}
	return attribute.StringValue(string(text))
}

// plainValue returns v as one of the kinds that Attributes keep: what is no
// string, boolean or number that JSON has becomes text.
func plainValue(v attribute.Value) attribute.Value {
	switch v.Type() {
	case attribute.STRING, attribute.BOOL, attribute.INT64:
		return v
	case attribute.FLOAT64:
		if f := v.AsFloat64(); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return v
		}
	}
	return attribute.StringValue(v.String())
}

// MarshalJSON encodes a as an object with sorted names.
func (a Attributes) MarshalJSON() ([]byte, error) {
	sorted := slices.Clone(a)
	slices.SortFunc(sorted, func(x, y attribute.KeyValue) int {
		return strings.Compare(string(x.Key), string(y.Key))
	})
	b := []byte{'{'}
	for i, kv := range sorted {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSON(b, string(kv.Key)), ':')
		switch v := plainValue(kv.Value); v.Type() {
		case attribute.BOOL:
			b = strconv.AppendBool(b, v.AsBool())
		case attribute.INT64:
			b = strconv.AppendInt(b, v.AsInt64(), 10)
		case attribute.FLOAT64:
			b = appendFloat(b, v.AsFloat64())
		default:
			b = appendJSON(b, v.AsString())
		}
	}
	return append(b, '}'), nil
}

// UnmarshalJSON decodes an object of strings, booleans and numbers.
func (a *Attributes) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var m map[string]any
	if err := dec.Decode(&m); err != nil {
		return err
	}
	*a = nil
	for name, value := range m {
		if number, ok := value.(json.Number); ok {
			n, err := decodeNumber(number)
			if err != nil {
				return fmt.Errorf("attribute %q: %w", name, err)
			}
			value = n
		}
		a.Set(name, value)
	}
	slices.SortFunc(*a, func(x, y attribute.KeyValue) int {
		return strings.Compare(string(x.Key), string(y.Key))
	})
	return nil
}

func decodeNumber(n json.Number) (any, error) {
	if strings.ContainsAny(n.String(), ".eE") {
		return n.Float64()
	}
	return n.Int64()
}

func appendFloat(b []byte, f float64) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, f, 'g', -1, 64)
	if !bytes.ContainsAny(b[start:], ".e") {
		b = append(b, ".0"...)
	}
	return b
}

func appendJSON(b []byte, s string) []byte {
	text, _ := json.Marshal(s) // a string always has a JSON form
	return append(b, text...)
}
