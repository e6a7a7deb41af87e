package clickhouse

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// A row is an event in the types of its columns.
type row struct {
	event activitylog.Event

	id                       string // 16 bytes
	time, observed, ingested int64
	erased                   int64
	content                  uint16
	status                   int64
	attributes               string

	targetTypes, targetIDs, targetNames []string
	changePaths, changeOlds, changeNews []string
	changeFlags                         []uint8

	checksum uint32
}

// never stands for the time when an event was observed that was not. No event
// has a time that early.
const never = math.MinInt64

// The flags of a change.
const (
	flagRedacted  = 1
	flagTruncated = 2
)

// A column is written for all events of a batch at once and read for one.
type column struct {
	name   string
	append func(driver.BatchColumn, []row) error
	field  func(*row) any // a pointer
}

func col[T any](name string, field func(*row) *T) column {
	return column{
		name: name,
		append: func(c driver.BatchColumn, rows []row) error {
			values := make([]T, len(rows))
			for i := range rows {
				values[i] = *field(&rows[i])
			}
			return c.Append(values)
		},
		field: func(r *row) any { return field(r) },
	}
}

// columns are those that a writer fills.
var columns = []column{
	col("id", func(r *row) *string { return &r.id }),
	col("time", func(r *row) *int64 { return &r.time }),
	col("observed", func(r *row) *int64 { return &r.observed }),
	col("content", func(r *row) *uint16 { return &r.content }),
	col("tenant", func(r *row) *string { return &r.event.Tenant }),
	col("code", func(r *row) *string { return (*string)(&r.event.Code) }),
	col("outcome", func(r *row) *string { return (*string)(&r.event.Outcome) }),
	col("error_type", func(r *row) *string { return &r.event.ErrorType }),
	col("actor", func(r *row) *string { return &r.event.Actor.ID }),
	col("actor_type", func(r *row) *string { return (*string)(&r.event.Actor.Type) }),
	col("behalf", func(r *row) *string { return &r.event.Actor.OnBehalfOf.ID }),
	col("target_types", func(r *row) *[]string { return &r.targetTypes }),
	col("target_ids", func(r *row) *[]string { return &r.targetIDs }),
	col("change_paths", func(r *row) *[]string { return &r.changePaths }),
	col("change_flags", func(r *row) *[]uint8 { return &r.changeFlags }),
	col("request", func(r *row) *string { return &r.event.Source.RequestID }),
	col("method", func(r *row) *string { return &r.event.HTTP.Method }),
	col("route", func(r *row) *string { return &r.event.HTTP.Route }),
	col("status", func(r *row) *int64 { return &r.status }),
	col("trace", func(r *row) *string { return &r.event.TraceID }),
	col("span", func(r *row) *string { return &r.event.SpanID }),
	col("service", func(r *row) *string { return &r.event.Service }),
	col("truncated", func(r *row) *bool { return &r.event.Truncated }),
	col("stream", func(r *row) *string { return &r.event.Stream }),
	col("seq", func(r *row) *uint64 { return &r.event.Seq }),

	col("salt", func(r *row) *string { return &r.event.Salt }),
	col("actor_name", func(r *row) *string { return &r.event.Actor.Name }),
	col("actor_email", func(r *row) *string { return &r.event.Actor.Email }),
	col("behalf_name", func(r *row) *string { return &r.event.Actor.OnBehalfOf.Name }),
	col("client_address", func(r *row) *string { return &r.event.Source.ClientAddress }),
	col("peer_address", func(r *row) *string { return &r.event.Source.PeerAddress }),
	col("user_agent", func(r *row) *string { return &r.event.Source.UserAgent }),
	col("session", func(r *row) *string { return &r.event.Source.SessionID }),
	col("path", func(r *row) *string { return &r.event.HTTP.Path }),
	col("summary", func(r *row) *string { return &r.event.Summary }),
	col("reason", func(r *row) *string { return &r.event.Reason }),
	col("attributes", func(r *row) *string { return &r.attributes }),
	col("target_names", func(r *row) *[]string { return &r.targetNames }),
	col("change_olds", func(r *row) *[]string { return &r.changeOlds }),
	col("change_news", func(r *row) *[]string { return &r.changeNews }),
}

// personalText and personalLists are the columns that an erasure empties.
var (
	personalText = []string{
		"salt", "actor_name", "actor_email", "behalf_name", "client_address", "peer_address", "user_agent",
		"session", "path", "summary", "reason", "attributes",
	}
	personalLists = []string{"target_names", "change_olds", "change_news"}
)

// readColumns are those of a whole event.
var readColumns = append([]column{
	col("ingested", func(r *row) *int64 { return &r.ingested }),
	col("erased", func(r *row) *int64 { return &r.erased }),
}, columns...)

// encode returns e as a row. It has passed store.Check.
func encode(e *activitylog.Event) (row, error) {
	r := row{event: *e}
	id, err := store.ParseID(e.ID)
	if err != nil {
		return r, err
	}
	r.id, r.time, r.observed, r.status = string(id[:]), e.Time.UnixNano(), never, int64(e.HTTP.Status)
	if !e.Observed.IsZero() {
		r.observed = e.Observed.UnixNano()
	}
	for _, t := range e.Targets {
		r.targetTypes = append(r.targetTypes, t.Type)
		r.targetIDs = append(r.targetIDs, t.ID)
		r.targetNames = append(r.targetNames, t.Name)
	}
	for _, c := range e.Changes {
		r.changePaths = append(r.changePaths, c.Path)
		r.changeOlds = append(r.changeOlds, string(c.Old))
		r.changeNews = append(r.changeNews, string(c.New))
		r.changeFlags = append(r.changeFlags, flags(c))
	}
	if len(e.Attributes) > 0 {
		text, err := e.Attributes.MarshalJSON()
		if err != nil {
			return r, err
		}
		r.attributes = string(text)
	}
	r.checksum = r.sum()
	r.content = uint16(r.checksum)
	return r, nil
}

func flags(c activitylog.Change) (f uint8) {
	if c.Redacted {
		f |= flagRedacted
	}
	if c.Truncated {
		f |= flagTruncated
	}
	return f
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum returns a checksum of all that [store.Same] compares. Only 16 bits of it
// are kept: enough to keep two events of one id apart until one of them is put
// aside, too few to tell anything of an event whose personal part was erased.
func (r *row) sum() uint32 {
	b := make([]byte, 0, 1024)
	for _, c := range columns {
		switch v := c.field(r).(type) {
		case *string:
			b = appendText(b, *v)
		case *[]string:
			b = binary.AppendUvarint(b, uint64(len(*v)))
			for _, s := range *v {
				b = appendText(b, s)
			}
		case *[]uint8:
			b = append(b, *v...)
		case *uint64:
			b = binary.AppendUvarint(b, *v)
		case *int64:
			if c.name != "observed" {
				b = binary.AppendVarint(b, *v)
			}
		case *bool:
			b = strconv.AppendBool(b, *v)
		}
	}
	return crc32.Checksum(b, castagnoli)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decode returns the event of a row whose columns have been read.
func (r *row) decode() (activitylog.Event, error) {
	e := r.event
	e.ID = uuid.UUID([]byte(r.id)).String()
	e.Time, e.Ingested = fromNanoseconds(r.time), fromNanoseconds(r.ingested)
	if r.observed != never {
		e.Observed = fromNanoseconds(r.observed)
	}
	e.HTTP.Status = int(r.status)
	for i := range max(len(r.targetTypes), len(r.targetIDs)) {
		e.Targets = append(e.Targets, activitylog.Target{Type: at(r.targetTypes, i), ID: at(r.targetIDs, i), Name: at(r.targetNames, i)})
	}
	for i, path := range r.changePaths {
		f := at(r.changeFlags, i)
		e.Changes = append(e.Changes, activitylog.Change{
			Path: path, Old: rawJSON(at(r.changeOlds, i)), New: rawJSON(at(r.changeNews, i)),
			Redacted: f&flagRedacted != 0 || r.erased != 0, Truncated: f&flagTruncated != 0,
		})
	}
	if r.erased != 0 {
		e.Erased = fromNanoseconds(r.erased)
	}
	if r.attributes != "" {
		if err := json.Unmarshal([]byte(r.attributes), &e.Attributes); err != nil {
			return e, fmt.Errorf("event %s is damaged: %w", e.ID, err)
		}
	}
	return e, nil
}

// at returns an item of a list, which is empty if it was erased or not read.
func at[T any](list []T, i int) T {
	if i < len(list) {
		return list[i]
	}
	var zero T
	return zero
}

func rawJSON(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

func fromNanoseconds(n int64) time.Time { return time.Unix(0, n).UTC() }
