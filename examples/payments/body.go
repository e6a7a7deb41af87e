package payments

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
)

const maxBody = 1 << 20 // bytes

// readJSON decodes the body into v and refuses what v has no field for.
func readJSON(c *gin.Context, v any) error {
	data, err := readBody(c)
	if err != nil {
		return err
	}
	return decode(data, v)
}

func readBody(c *gin.Context) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, refuse(http.StatusRequestEntityTooLarge, "the body may have %d bytes", maxBody)
	}
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the body ends early")
	}
	return data, nil
}

func decode(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return refuse(http.StatusBadRequest, "the body is not the JSON that it should be: %v", err)
	}
	if dec.More() {
		return refuse(http.StatusBadRequest, "the body has more than one JSON value")
	}
	return nil
}

// merge returns v with the fields of patch in place of its own (RFC 7396, at
// the top level).
func merge[T any](v T, patch []byte) (T, error) {
	var merged T
	fields, err := fieldsOf(v)
	if err != nil {
		return merged, err
	}
	var changes map[string]json.RawMessage
	if err := json.Unmarshal(patch, &changes); err != nil {
		return merged, refuse(http.StatusBadRequest, "the body is not a JSON object")
	}
	maps.Copy(fields, changes)
	data, err := json.Marshal(fields)
	if err != nil {
		return merged, err
	}
	return merged, decode(data, &merged)
}

// addChanges reports the fields in which an item differs from what it was.
func addChanges(event *activitylog.Draft, before, after any) {
	old, err1 := fieldsOf(before)
	now, err2 := fieldsOf(after)
	if errors.Join(err1, err2) != nil {
		return // an item is made of what JSON can hold
	}
	all := maps.Clone(old)
	maps.Copy(all, now)
	for _, field := range slices.Sorted(maps.Keys(all)) {
		if field != "updated_at" && !reflect.DeepEqual(old[field], now[field]) {
			event.AddChange("/"+field, value(old[field]), value(now[field]))
		}
	}
}

// value returns a field's value, or nil where there is none.
func value(v json.RawMessage) any {
	if v == nil {
		return nil
	}
	return v
}

func fieldsOf(v any) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	return fields, json.Unmarshal(data, &fields)
}
