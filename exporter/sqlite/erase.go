package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// eraseStep is the number of events that are erased in one transaction.
const eraseStep = 1000

// Erase forgets a person as [store.Custodian] says.
func (s *Store) Erase(ctx context.Context, e store.Erasure) (erased, held int, err error) {
	if err := e.Check(); err != nil {
		return 0, 0, err
	}
	pos, err := s.concerned(ctx, e)
	if err != nil {
		return 0, 0, err
	}
	for isLast := false; !isLast; {
		step := pos[:min(len(pos), eraseStep)]
		pos = pos[len(step):]
		isLast = len(pos) == 0
		var n, kept int
		err := s.write(ctx, func(b *batch) (err error) {
			n, kept, err = b.erase(e, step, isLast)
			return err
		})
		if err != nil {
			return erased, held, err
		}
		erased, held = erased+n, held+kept
	}
	s.writer.checkpoint(ctx) // if not now then with the next one
	return erased, held, nil
}

// concerned returns the pos of the events that concern the person.
func (s *Store) concerned(ctx context.Context, e store.Erasure) (all []int64, err error) {
	set := termSet{textTerm(query.Actor, e.Person), textTerm(query.Target, e.Person), textTerm(behalf, e.Person)}
	err = s.reading(ctx, func(tx *sql.Tx) error {
		l := s.newList(ctx, tx, query.Query{}, 0)
		l.conditions.and("erased IS NULL")
		l.conditions.and("(actor = ? OR behalf = ? OR EXISTS (SELECT 1 FROM json_each(targets) WHERE value ->> 'id' = ?))",
			e.Person, e.Person, e.Person)
		never := func(int64) bool { return false }
		return l.each([]termSet{set}, never, func(from string, w where) error {
			pos, err := readPositions(tx.QueryContext(ctx, "SELECT pos"+from+w.String(), w.args...))
			all = append(all, pos...)
			return err
		})
	})
	return all, err
}

// erase erases the events at pos that are not on hold, and with the last of
// them what is in quarantine.
func (b *batch) erase(e store.Erasure, pos []int64, isLast bool) (erased, held int, err error) {
	w, err := b.unheld(pos)
	if err != nil {
		return 0, 0, err
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT pos, "+rowColumns+byPos+w.String()+" AND erased IS NULL", w.args...)
	if err != nil {
		return 0, 0, err
	}
	found := map[int64]*row{}
	if err := eachRow(rows, func(pos int64, r *row) { found[pos] = r }); err != nil {
		return 0, 0, err
	}
	blocks, err := b.newEdits()
	if err != nil {
		return 0, 0, err
	}
	for pos, r := range found {
		if _, err := b.tx.ExecContext(b.ctx, eraseSQL, b.now, pos); err != nil {
			return 0, 0, err
		}
		left := *r
		left.event = store.Erased(r.event)
		blocks.replace(pos, r.terms(), left.terms())
	}
	if err := b.edit(blocks); err != nil {
		return 0, 0, err
	}
	// What is there, as it was, and not erased now is on hold.
	err = b.tx.QueryRowContext(b.ctx, "SELECT count(*)"+byPos+" WHERE "+posIn+" AND erased IS NULL", jsonText(pos)).Scan(&held)
	if err != nil {
		return 0, 0, err
	}
	erased = len(found)
	if isLast {
		gone, kept, err := b.eraseQuarantine(e)
		if err != nil {
			return 0, 0, err
		}
		erased, held = erased+gone, held+kept
	}
	return erased, held, b.deed(e.Deed(erased))
}

// personal are the columns of the personal part.
var personal = columns[slices.Index(columns, "salt"):]

var eraseSQL = "UPDATE events SET " + strings.Join(personal, " = NULL, ") + " = NULL, erased = ? WHERE pos = ?"

// eraseQuarantine removes the conflicts that concern the person.
func (b *batch) eraseQuarantine(e store.Erasure) (erased, held int, err error) {
	inForce, err := readHolds(b.ctx, b.tx)
	if err != nil {
		return 0, 0, err
	}
	rows, err := b.tx.QueryContext(b.ctx, selectQuarantined+" WHERE event IS NOT NULL")
	if err != nil {
		return 0, 0, err
	}
	all, err := readQuarantined(rows)
	if err != nil {
		return 0, 0, err
	}
	for _, q := range all {
		switch {
		case !e.Concerns(&q.Event):
			continue
		case holds(inForce).match(&q.Event):
			held++
			continue
		}
		if err := b.unquarantine(q.ID); err != nil {
			return 0, 0, err
		}
		erased++
	}
	return erased, held, nil
}
