package activitylogexporter

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/activitylog-go/activitylog"
)

// LogCode is the code of a log record that is kept, with "accept: all",
// although it has no event name.
const LogCode activitylog.Code = "log:recorded"

// textFields are the fields of an event that are texts, by attribute key.
var textFields = map[string]func(*decoder) *string{
	activitylog.KeyID:             func(d *decoder) *string { return &d.event.ID },
	activitylog.KeyEventName:      func(d *decoder) *string { return (*string)(&d.event.Code) },
	activitylog.KeyTenantID:       func(d *decoder) *string { return &d.event.Tenant },
	activitylog.KeyActorID:        func(d *decoder) *string { return &d.event.Actor.ID },
	activitylog.KeyActorType:      func(d *decoder) *string { return (*string)(&d.event.Actor.Type) },
	activitylog.KeyActorName:      func(d *decoder) *string { return &d.event.Actor.Name },
	activitylog.KeyActorEmail:     func(d *decoder) *string { return &d.event.Actor.Email },
	activitylog.KeyOnBehalfOfID:   func(d *decoder) *string { return &d.event.Actor.OnBehalfOf.ID },
	activitylog.KeyOnBehalfOfName: func(d *decoder) *string { return &d.event.Actor.OnBehalfOf.Name },
	activitylog.KeyUserID:         func(d *decoder) *string { return &d.userID },
	activitylog.KeyTargetType:     func(d *decoder) *string { return &d.target.Type },
	activitylog.KeyTargetID:       func(d *decoder) *string { return &d.target.ID },
	activitylog.KeyTargetName:     func(d *decoder) *string { return &d.target.Name },
	activitylog.KeyOutcome:        func(d *decoder) *string { return (*string)(&d.event.Outcome) },
	activitylog.KeyReason:         func(d *decoder) *string { return &d.event.Reason },
	activitylog.KeyErrorType:      func(d *decoder) *string { return &d.event.ErrorType },
	activitylog.KeyMethod:         func(d *decoder) *string { return &d.event.HTTP.Method },
	activitylog.KeyRoute:          func(d *decoder) *string { return &d.event.HTTP.Route },
	activitylog.KeyPath:           func(d *decoder) *string { return &d.event.HTTP.Path },
	activitylog.KeyClientAddress:  func(d *decoder) *string { return &d.event.Source.ClientAddress },
	activitylog.KeyPeerAddress:    func(d *decoder) *string { return &d.event.Source.PeerAddress },
	activitylog.KeyUserAgent:      func(d *decoder) *string { return &d.event.Source.UserAgent },
	activitylog.KeySessionID:      func(d *decoder) *string { return &d.event.Source.SessionID },
	activitylog.KeyRequestID:      func(d *decoder) *string { return &d.event.Source.RequestID },
	activitylog.KeyStream:         func(d *decoder) *string { return &d.event.Stream },
	activitylog.KeySalt:           func(d *decoder) *string { return &d.event.Salt },
}

// foreignKeys are keys of the semantic conventions, current and before 1.21,
// that mean what one of ours means. They count where ours is missing: what
// names a person is then where a reader looks for it, and where erasure does.
var foreignKeys = map[string]string{
	"enduser.id":         activitylog.KeyUserID,
	"user.name":          activitylog.KeyActorName,
	"user.email":         activitylog.KeyActorEmail,
	"http.method":        activitylog.KeyMethod,
	"http.status_code":   activitylog.KeyStatus,
	"http.client_ip":     activitylog.KeyClientAddress,
	"net.peer.ip":        activitylog.KeyPeerAddress,
	"net.sock.peer.addr": activitylog.KeyPeerAddress,
	"http.user_agent":    activitylog.KeyUserAgent,
}

// setText sets a field that is still empty to a value of any type.
func (d *decoder) setText(field *string, value pcommon.Value) bool {
	if *field != "" {
		return false
	}
	*field = d.text(value)
	return true
}

func setStatus(field *int, value pcommon.Value) bool {
	n, err := strconv.Atoi(value.AsString())
	if *field != 0 || err != nil || n < 0 || n > 999 {
		return false
	}
	*field = n
	return true
}

func setSeq(field *uint64, value pcommon.Value) bool {
	n, err := strconv.ParseInt(value.AsString(), 10, 64)
	if *field != 0 || err != nil || n < 0 {
		return false
	}
	*field = uint64(n)
	return true
}

// setList decodes JSON text, or a list of maps, into a field that is still
// empty. It reports false, so that the value is kept as it came, if it cannot,
// which also marks the event, or if the value says more than the field holds.
func setList[T any](d *decoder, field *[]T, value pcommon.Value) bool {
	data := []byte(d.text(value))
	var list []T
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	exact := dec.Decode(&list) == nil && !dec.More()
	if !exact {
		list = nil
		if json.Unmarshal(data, &list) != nil {
			d.event.Truncated = true
			return false
		}
	}
	if len(*field) > 0 {
		return false
	}
	*field = list
	return exact
}

// text returns a value as text; maps and lists as JSON.
func (d *decoder) text(value pcommon.Value) string {
	switch value.Type() {
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if enc.Encode(d.plain(value, maxDepth)) != nil {
			return ""
		}
		return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	case pcommon.ValueTypeBytes:
		return base64.StdEncoding.EncodeToString([]byte(redacted(string(value.Bytes().AsRaw()))))
	default:
		return value.AsString()
	}
}

// attributeValue returns a value as what an attribute of an event can be.
func (d *decoder) attributeValue(value pcommon.Value) any {
	switch value.Type() {
	case pcommon.ValueTypeBool:
		return value.Bool()
	case pcommon.ValueTypeInt:
		return value.Int()
	case pcommon.ValueTypeDouble:
		return value.Double()
	default:
		return d.text(value)
	}
}

// maxDepth is how deeply maps and lists may be nested. Without a bound, a
// request of some megabytes takes minutes, and a larger one all of the stack.
const maxDepth = 100

// plain returns a value as what package json encodes. JSON has no NaN and no
// infinities: they become texts. What lies deeper than depth is cut off.
func (d *decoder) plain(value pcommon.Value, depth int) any {
	nested := value.Type() == pcommon.ValueTypeMap || value.Type() == pcommon.ValueTypeSlice
	if nested && depth == 0 {
		d.event.Truncated = true
		return nil
	}
	switch value.Type() {
	case pcommon.ValueTypeMap:
		m := make(map[string]any, value.Map().Len())
		for key, v := range value.Map().All() {
			m[key] = d.plain(v, depth-1)
		}
		return m
	case pcommon.ValueTypeSlice:
		list := make([]any, 0, value.Slice().Len())
		for _, v := range value.Slice().All() {
			list = append(list, d.plain(v, depth-1))
		}
		return list
	case pcommon.ValueTypeDouble:
		if f := value.Double(); math.IsNaN(f) || math.IsInf(f, 0) {
			return value.AsString()
		}
	}
	return value.AsRaw()
}
