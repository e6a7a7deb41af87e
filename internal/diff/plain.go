package diff

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

func float(f float64, bits int) node {
	switch {
	case math.IsNaN(f):
		return node{kind: text, text: "NaN"}
	case math.IsInf(f, 0):
		return node{kind: text, text: strings.TrimPrefix(strings.Replace(strconv.FormatFloat(f, 'g', -1, 64), "Inf", "Infinity", 1), "+")}
	}
	format := byte('f') // like encoding/json
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return node{kind: number, text: strconv.FormatFloat(f, format, -1, bits)}
}

func timeOf(v reflect.Value) time.Time {
	if v.CanAddr() {
		return *v.Addr().Interface().(*time.Time) // no copy on the heap
	}
	return v.Interface().(time.Time)
}

// numberOf reads a json.Number, which may hold any text.
func numberOf(s string) node {
	if s == "" || strings.Trim(s, "-+.0123456789eE") != "" || !json.Valid([]byte(s)) {
		return node{kind: text, text: s}
	}
	return node{kind: number, text: s}
}
