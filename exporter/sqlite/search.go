package sqlite

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
)

// A place is where an event stands, in the table and in the order of List.
type place struct {
	pos, time int64
	id        uuid.UUID
}

func newer(a, b place) int {
	return cmp.Or(cmp.Compare(b.time, a.time), bytes.Compare(b.id[:], a.id[:]))
}

// search returns the first events that have a term of each set and that the
// filter holds for. It looks through the events that are in no chunk yet, then
// through the chunks by the time of their newest event, until no chunk that is
// left can have an event that belongs on the page.
func (l *list) search(sets []termSet) ([]activitylog.Event, error) {
	chunks, end, err := l.chunks()
	if err != nil {
		return nil, err
	}
	w := l.where()
	w.and("pos >= ?", end)
	found, err := l.places(w)
	if err != nil {
		return nil, err
	}
	for n := 1; len(chunks) > 0; {
		if len(found) == l.limit && found[l.limit-1].time > chunks[0].newest {
			break
		}
		window := chunks[:min(n, len(chunks))]
		chunks = chunks[len(window):]
		pos, err := l.candidates(sets, window)
		if err != nil {
			return nil, err
		}
		if len(pos) < manyCandidates {
			n = min(2*n, maxWindow)
		}
		if len(pos) == 0 {
			continue
		}
		w := l.where()
		w.and(posIn, jsonText(pos))
		more, err := l.places(w)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
		slices.SortFunc(found, newer)
		found = found[:min(len(found), l.limit)]
	}
	return l.read(found)
}

// A window of chunks, which are searched together, grows up to maxWindow as
// long as it has less than manyCandidates, so that memory stays bounded.
const (
	maxWindow      = 256
	manyCandidates = 16_000
)

const posIn = "pos IN (SELECT value FROM json_each(?))"

// A chunk is one that was indexed.
type chunk struct{ number, newest int64 }

// chunks returns the chunks that have events within the bounds, those with the
// newest events first, and the pos at which the events begin that are in none.
func (l *list) chunks() (all []chunk, end int64, err error) {
	err = l.tx.QueryRowContext(l.ctx, "SELECT coalesce(max(chunk) + 1, 0) * 4096 FROM chunks").Scan(&end)
	if err != nil {
		return nil, 0, err
	}
	var w where
	if l.filter.Since.After(minTime) {
		w.and("newest >= ?", nanoseconds(l.filter.Since))
	}
	if !l.filter.Until.IsZero() {
		w.and("oldest < ?", nanoseconds(l.filter.Until))
	}
	if l.after != nil {
		w.and("oldest <= ?", l.after.Time.UnixNano())
	}
	rows, err := l.tx.QueryContext(l.ctx, "SELECT chunk, newest FROM chunks"+w.String()+" ORDER BY newest DESC", w.args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var c chunk
		if err := rows.Scan(&c.number, &c.newest); err != nil {
			return nil, 0, err
		}
		all = append(all, c)
	}
	return all, end, rows.Err()
}

// places returns the places of the first events that w holds for, newest first.
func (l *list) places(w where) ([]place, error) {
	rows, err := l.tx.QueryContext(l.ctx, placesSQL(w), append(w.args, l.limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []place
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.pos, &p.time, &p.id); err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, rows.Err()
}

func placesSQL(w where) string {
	return "SELECT pos, time, id FROM events NOT INDEXED" + w.String() + newestFirst
}

// read returns the events at places, in their order.
func (l *list) read(found []place) ([]activitylog.Event, error) {
	var pos []int64
	for _, p := range found {
		pos = append(pos, p.pos)
	}
	var w where
	w.and(posIn, jsonText(pos))
	rows, err := l.tx.QueryContext(l.ctx, selectEvents+w.String()+newestFirst, append(w.args, l.limit)...)
	if err != nil {
		return nil, err
	}
	return readEvents(l.ctx, l.tx, l.names, rows)
}

func jsonText(numbers []int64) string {
	b, _ := json.Marshal(numbers) // numbers always have a JSON form
	return string(b)
}
