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

// search returns the places of the first events that have a term of each set
// and that the conditions hold for.
func (l *list) search(sets []termSet) ([]place, error) {
	var found []place
	enough := func(newest int64) bool { return len(found) == l.limit && found[l.limit-1].time > newest }
	err := l.each(sets, enough, func(from string, w where) error {
		more, err := l.places(from, w)
		if err != nil {
			return err
		}
		found = append(found, more...)
		slices.SortFunc(found, newer)
		found = found[:min(len(found), l.limit)]
		return nil
	})
	return found, err
}

// each calls do with conditions that, taken together, hold for each event of
// the list once, whatever its limit. Events that are in no chunk yet come
// first, then the chunks by the time of their newest event, until that is
// enough. Without sets, which nothing but a walk can answer, there is one call.
func (l *list) each(sets []termSet, enough func(newest int64) bool, do func(from string, w where) error) error {
	if len(sets) == 0 {
		return do(byTime, l.where())
	}
	chunks, end, err := l.chunks()
	if err != nil {
		return err
	}
	w := l.where()
	w.and("pos >= ?", end)
	if err := do(byPos, w); err != nil {
		return err
	}
	for n := 1; len(chunks) > 0 && !enough(chunks[0].newest); {
		window := chunks[:min(n, len(chunks))]
		chunks = chunks[len(window):]
		pos, err := l.candidates(sets, window)
		if err != nil {
			return err
		}
		if len(pos) < manyCandidates {
			n = min(2*n, maxWindow)
		}
		if len(pos) == 0 {
			continue
		}
		w := l.where()
		w.and(posIn, jsonText(pos))
		if err := do(byPos, w); err != nil {
			return err
		}
	}
	return nil
}

// A window of chunks, which are searched together, grows up to maxWindow as
// long as it has less than manyCandidates, so that memory stays bounded.
const (
	maxWindow      = 256
	manyCandidates = 16_000
)

const posIn = "pos IN (SELECT value FROM json_each(?))"

// A chunk is one that was indexed.
type chunk struct{ number, oldest, newest, events int64 }

// tailSQL is the pos at which the events begin that are in no chunk.
const tailSQL = "(SELECT coalesce(max(chunk) + 1, 0) * 4096 FROM chunks)"

// chunks returns the chunks that have events within the bounds, those with the
// newest events first, and the pos at which the events begin that are in none.
func (l *list) chunks() (all []chunk, end int64, err error) {
	err = l.tx.QueryRowContext(l.ctx, "SELECT "+tailSQL).Scan(&end)
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
	rows, err := l.tx.QueryContext(l.ctx, "SELECT chunk, oldest, newest, events FROM chunks"+w.String()+" ORDER BY newest DESC", w.args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var c chunk
		if err := rows.Scan(&c.number, &c.oldest, &c.newest, &c.events); err != nil {
			return nil, 0, err
		}
		all = append(all, c)
	}
	return all, end, rows.Err()
}

// read returns the events at places, in their order.
func (l *list) read(found []place) ([]activitylog.Event, error) {
	var w where
	w.and(posIn, jsonText(positions(found)))
	rows, err := l.tx.QueryContext(l.ctx, selectEvents+w.String()+newestFirst, append(w.args, len(found))...)
	if err != nil {
		return nil, err
	}
	return readEvents(l.ctx, l.tx, l.names, rows)
}

func positions(found []place) []int64 {
	pos := make([]int64, len(found))
	for i, p := range found {
		pos[i] = p.pos
	}
	return pos
}

func jsonText(numbers []int64) string {
	b, _ := json.Marshal(numbers) // numbers always have a JSON form
	return string(b)
}
