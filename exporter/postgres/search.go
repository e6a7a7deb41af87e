package postgres

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
)

// A window of chunks, which are searched together, grows up to maxWindow as
// long as it has less than manyCandidates, so that memory stays bounded.
const (
	maxWindow      = 256
	manyCandidates = 16_000
)

// A chunk is one that was indexed.
type chunk struct {
	number, newest  int64
	least, greatest uuid.UUID
}

// search returns the places of the first events that have a term of each set
// and that the filter holds for. It looks through the events that are in no
// chunk yet, then through the chunks by the time of their newest event, until
// no chunk that is left can have an event that belongs on the page.
func (l *list) search(sets []termSet, limit int) ([]place, error) {
	var found []place
	err := l.candidates(sets, func(w where) error {
		args, n := w.with(limit)
		more, err := l.places("WITH c AS MATERIALIZED (SELECT time, id FROM activitylog.events"+w.String()+
			") SELECT time, id FROM c"+newestFirst+" LIMIT "+n, args)
		found = append(found, more...)
		slices.SortFunc(found, newer)
		found = found[:min(len(found), limit)]
		return err
	}, func(newest int64) bool { return len(found) == limit && found[limit-1].time > newest })
	return found, err
}

func newer(a, b place) int {
	return cmp.Or(cmp.Compare(b.time, a.time), bytes.Compare(b.id[:], a.id[:]))
}

// candidates calls do with the conditions of some events after others, among
// which are all events of the list: those that have a term of each set. It ends
// when enough holds of the time of the newest event that is left.
func (l *list) candidates(sets []termSet, do func(where) error, enough func(newest int64) bool) error {
	chunks, end, err := l.chunks()
	if err != nil {
		return err
	}
	tail := l.where("(time + 0)")
	tail.and("pos >= ?::bigint", end)
	if err := do(tail); err != nil {
		return err
	}
	for n := 1; len(chunks) > 0 && !enough(chunks[0].newest); {
		window := chunks[:min(n, len(chunks))]
		chunks = chunks[len(window):]
		pos, err := l.lookUp(sets, window)
		if err != nil {
			return err
		}
		if len(pos) < manyCandidates {
			n = min(2*n, maxWindow)
		}
		if len(pos) == 0 {
			continue
		}
		if err := do(l.at(pos, window)); err != nil {
			return err
		}
	}
	return nil
}

// at returns the conditions of the events of the list that are at pos in the
// chunks. The bounds of their ids tell the partitions.
func (l *list) at(pos []int64, chunks []chunk) where {
	w := l.where("(time + 0)")
	w.and("pos = ANY (?::bigint[])", pos)
	least, greatest := chunks[0].least, chunks[0].greatest
	for _, c := range chunks {
		if bytes.Compare(c.least[:], least[:]) < 0 {
			least = c.least
		}
		if bytes.Compare(c.greatest[:], greatest[:]) > 0 {
			greatest = c.greatest
		}
	}
	w.and("id BETWEEN ?::uuid AND ?::uuid", least.String(), greatest.String())
	return w
}

// chunks returns the chunks that have events within the bounds, those with the
// newest events first, and the pos at which the events begin that are in none.
func (l *list) chunks() (all []chunk, end int64, err error) {
	err = l.tx.QueryRow(l.ctx, "SELECT coalesce(max(chunk) + 1, 0) * 4096 FROM activitylog.chunks").Scan(&end)
	if err != nil {
		return nil, 0, err
	}
	var w where
	if l.filter.Since.After(minTime) {
		w.and("newest >= ?", nanoseconds(l.filter.Since))
	}
	until := int64(math.MaxInt64)
	if !l.filter.Until.IsZero() {
		until = nanoseconds(l.filter.Until)
	}
	if l.after != nil {
		until = min(until, l.after.Time.UnixNano())
	}
	w.and("oldest <= ?", until)
	rows, err := l.tx.Query(l.ctx, "SELECT chunk, newest, least, greatest FROM activitylog.chunks"+w.String()+" ORDER BY newest DESC", w.args...)
	if err != nil {
		return nil, 0, err
	}
	all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c chunk, err error) {
		err = row.Scan(&c.number, &c.newest, &c.least, &c.greatest)
		return c, err
	})
	return all, end, err
}

// lookUp returns the pos of the events in chunks that have a term of each set,
// and of some that do not.
func (l *list) lookUp(sets []termSet, chunks []chunk) ([]int64, error) {
	var numbers []int64
	for _, c := range chunks {
		numbers = append(numbers, c.number)
	}
	return posting.Find(sets, numbers, l.readBlocks)
}

func (l *list) readBlocks(terms []posting.Term, chunks []int64, yield func(posting.Block) error) error {
	rows, err := l.tx.Query(l.ctx, "SELECT chunk, data FROM activitylog.blocks WHERE chunk = ANY ($1::bigint[]) AND part = $2::smallint", chunks, terms[0].Part())
	if err != nil {
		return err
	}
	var number int64
	var data pgtype.DriverBytes // valid until the next row
	_, err = pgx.ForEachRow(rows, []any{&number, &data}, func() error {
		return yield(posting.Block{First: number * posting.ChunkSize, Size: posting.ChunkSize, Data: data})
	})
	return err
}
