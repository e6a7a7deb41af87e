package activitylogexporter

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

// An origin is what the records of a scope have in common.
type origin struct {
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
	sum      []byte // of both; nil until it is asked for
}

// A record is a log record in its place, from which an event is made.
type record struct {
	*origin
	log plog.LogRecord

	derived bool // the sender gave no UUID: the event's id is made from the record
	undated bool // the sender gave no time: the event's is that of decoding
}

// decode returns r as an event, cleaned. It reports false if r is none and
// all is not set.
func (r *record) decode(all bool, now time.Time) (activitylog.Event, bool) {
	var d decoder
	e := &d.event
	d.attributes(r.log.Attributes())
	if e.Code == "" {
		e.Code = activitylog.Code(r.log.EventName())
	}
	if e.Code == "" && all {
		e.Code = LogCode
	}
	if e.Code == "" {
		return activitylog.Event{}, false
	}
	d.aliases()
	r.undated = d.setTimes(r.log, now)
	r.derived = d.setID(r)
	d.setName(r.log.EventName())
	d.setTrace(r)
	d.setTargets()
	d.setActor()
	d.setOutcome(r.log.SeverityNumber())
	d.setBody(r.log.Body())
	e.Truncated = e.Truncated || r.log.DroppedAttributesCount() > 0
	if e.Summary == "" {
		e.Clean() // a sentence rewords what it tells, also secrets
		e.Summary = (*catalogue.Catalogue)(nil).Sentence(e)
	}
	e.Clean()
	return *e, true
}

// content returns what is particular to r, and the same whenever it is sent.
// The resource, which may be large, is taken in once for all of its records.
func (r *record) content() []byte {
	if r.sum == nil {
		logs, _ := r.request()
		sum := sha256.Sum256(marshal(logs))
		r.sum = sum[:]
	}
	logs := plog.NewLogs()
	r.log.CopyTo(logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	return append(marshal(logs), r.sum...)
}

// logs returns a copy of r as a log request of its own.
func (r *record) logs() plog.Logs {
	logs, scopeLogs := r.request()
	r.log.CopyTo(scopeLogs.LogRecords().AppendEmpty())
	return logs
}

// request returns a copy of o as a log request without a record, and where one belongs.
func (o *origin) request() (plog.Logs, plog.ScopeLogs) {
	logs := plog.NewLogs()
	resourceLogs := logs.ResourceLogs().AppendEmpty()
	o.resource.CopyTo(resourceLogs.Resource())
	scopeLogs := resourceLogs.ScopeLogs().AppendEmpty()
	o.scope.CopyTo(scopeLogs.Scope())
	return logs, scopeLogs
}

// marshal returns logs as OTLP protobuf.
func marshal(logs plog.Logs) []byte {
	b, _ := new(plog.ProtoMarshaler).MarshalLogs(logs) // it has no way to fail
	return b
}

// setID makes the event's id a UUID and reports whether the sender's was none.
// One that is made here depends on the record only, so that the record, when
// it is sent again, has the same.
func (d *decoder) setID(r *record) (derived bool) {
	e := &d.event
	id, err := uuid.Parse(e.ID)
	switch {
	case err == nil && id != uuid.Nil && id != uuid.Max:
		e.ID = id.String()
		return false
	case err != nil && e.ID != "": // a ULID, or what the sender likes
		d.keep(activitylog.KeyID, pcommon.NewValueStr(e.ID))
		e.ID = uuidFrom([]byte(e.ID), time.Time{})
	case r.undated: // its time is that of its arrival, another one each time
		e.ID = uuidFrom(r.content(), time.Time{})
	default:
		e.ID = uuidFrom(r.content(), e.Time)
	}
	return true
}

// uuidFrom returns the UUID, version 8 (RFC 9562), that stands for b. As in one
// of version 7, a time that is part of what b says stands in front: stores find
// an id faster among those of its time, and PostgreSQL partitions by it.
func uuidFrom(b []byte, at time.Time) string {
	sum := sha256.Sum256(b)
	id := uuid.UUID(sum[:16])
	if !at.IsZero() {
		var ms [8]byte
		binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
		copy(id[:6], ms[2:])
	}
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// setTimes sets the times of the event and reports whether the record has
// none. A time after the year 2261, which no store holds, counts as none and is
// kept as text.
func (d *decoder) setTimes(log plog.LogRecord, now time.Time) (undated bool) {
	e := &d.event
	e.Time = d.time("time_unix_nano", log.Timestamp())
	e.Observed = d.time("observed_time_unix_nano", log.ObservedTimestamp())
	if e.Time.IsZero() {
		e.Time = e.Observed
	}
	if e.Time.IsZero() {
		e.Time = now.UTC()
		return true
	}
	return false
}

// endOfTime is the beginning of 2262: in its course nanoseconds outgrow 63 bits.
var endOfTime = pcommon.NewTimestampFromTime(time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC))

func (d *decoder) time(name string, t pcommon.Timestamp) time.Time {
	switch {
	case t == 0:
		return time.Time{}
	case t >= endOfTime:
		d.keep(name, pcommon.NewValueStr(strconv.FormatUint(uint64(t), 10)))
		return time.Time{}
	default:
		return t.AsTime()
	}
}
