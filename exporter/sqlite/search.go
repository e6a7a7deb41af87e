package sqlite

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
)

// maxTermSet is how many terms are looked for in place of one condition.
const maxTermSet = 128

// A termSet is a condition in the language of the blocks: an event has one of
// the terms.
type termSet []term

// termSets returns the conditions of the filter that blocks can answer. Those
// of names include patterns and negations: they stand for the names that fit.
func (l *list) termSets() ([]termSet, error) {
	var sets []termSet
	for _, t := range l.filter.Terms {
		set, ok, err := l.termSet(t)
		if err != nil {
			return nil, err
		}
		if ok {
			sets = append(sets, set)
		}
	}
	return sets, nil
}

func (l *list) termSet(t query.Term) (set termSet, ok bool, err error) {
	if c, isRef := refColumns[t.Key]; isRef {
		return l.refTerms(t, c.kind)
	}
	if t.Negate {
		return nil, false, nil
	}
	for _, v := range t.Values {
		switch {
		case t.Key == query.Status && v.Low >= 0 && v.High <= 999:
			for status := v.Low; status <= v.High; status++ {
				set = append(set, statusTerm(status))
			}
		case t.Key == query.Status || v.Glob:
			return nil, false, nil
		default:
			set = append(set, textTerm(t.Key, v.Text))
		}
	}
	return set, true, nil
}

// refTerms returns the terms of the names that t holds for.
func (l *list) refTerms(t query.Term, kind int) (set termSet, ok bool, err error) {
	var w where
	w.and("kind = ?", kind)
	w.text("text", t)
	rows, err := l.tx.QueryContext(l.ctx, "SELECT ref FROM names"+w.String()+" LIMIT ?", append(w.args, maxTermSet+1)...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var ref int64
		if err := rows.Scan(&ref); err != nil {
			return nil, false, err
		}
		set = append(set, refTerm(t.Key, ref))
	}
	return set, len(set) <= maxTermSet, rows.Err()
}

// A place is where an event stands, in the table and in the order of List.
type place struct {
	pos, time int64
	id        uuid.UUID
}

func newer(a, b place) int {
	if a.time != b.time {
		if a.time > b.time {
			return -1
		}
		return 1
	}
	return bytes.Compare(b.id[:], a.id[:])
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

// candidates returns the pos of the events in chunks that have a term of each
// set, and of some that do not.
func (l *list) candidates(sets []termSet, chunks []chunk) ([]int64, error) {
	var numbers []int64
	for _, c := range chunks {
		numbers = append(numbers, c.number)
	}
	var all map[int64]*places
	for _, set := range sets {
		these, err := l.lookUp(set, numbers)
		if err != nil {
			return nil, err
		}
		numbers = numbers[:0]
		for number, places := range these {
			if all != nil {
				places.intersect(all[number])
			}
			if *places != (zeroPlaces) {
				numbers = append(numbers, number)
			}
		}
		all = these
	}
	var pos []int64
	for _, number := range numbers {
		pos = all[number].appendTo(pos, number)
	}
	return pos, nil
}

var zeroPlaces places

// lookUp returns the places of the terms of a set in each chunk that has some.
func (l *list) lookUp(set termSet, chunks []int64) (map[int64]*places, error) {
	byPart := map[int64][]uint32{}
	for _, t := range set {
		byPart[t.part()] = append(byPart[t.part()], uint32(t))
	}
	found := map[int64]*places{}
	for part, wanted := range byPart {
		if err := l.readBlocks(part, wanted, chunks, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

const blocksSQL = "SELECT value, data FROM json_each(?) JOIN blocks ON block = value * 256 + ?"

func (l *list) readBlocks(part int64, wanted []uint32, chunks []int64, found map[int64]*places) error {
	rows, err := l.tx.QueryContext(l.ctx, blocksSQL, jsonText(chunks), part)
	if err != nil {
		return err
	}
	defer rows.Close()
	slices.Sort(wanted)
	isWanted := func(low uint32) bool {
		_, ok := slices.BinarySearch(wanted, low)
		return ok
	}
	for rows.Next() {
		var number int64
		var data []byte
		if err := rows.Scan(&number, &data); err != nil {
			return err
		}
		if found[number] == nil {
			found[number] = new(places)
		}
		if err := decodeBlock(data, isWanted, found[number]); err != nil {
			return err
		}
	}
	return rows.Err()
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
