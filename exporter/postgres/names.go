package postgres

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
)

// maxNames bounds the memory that names take. Tests change it.
var maxNames = 50_000

// A name is a value of a field that has few of them.
type name struct {
	key  query.Key
	text string
}

// names is what this process knows to be in the table of that name. It knows
// nothing when a connection is new: that may be one to a standby which has taken
// over, and lacks the last names because it did not follow its primary in step.
type names struct {
	mu    sync.RWMutex
	known map[name]bool
}

// namesOf calls yield with the names of e.
func namesOf(e *activitylog.Event, yield func(name)) {
	yield(name{query.Event, string(e.Code)})
	yield(name{query.Tenant, e.Tenant})
	yield(name{query.ActorType, string(e.Actor.Type)})
	yield(name{query.Outcome, string(e.Outcome)})
	yield(name{query.Method, e.HTTP.Method})
	yield(name{query.Service, e.Service})
	for _, t := range e.Targets {
		yield(name{query.TargetType, t.Type})
	}
	for _, c := range e.Changes {
		yield(name{query.Changed, c.Path})
	}
}

// isNamed says of which keys the table has the values.
var isNamed = map[query.Key]bool{
	query.Event: true, query.Tenant: true, query.ActorType: true, query.Outcome: true,
	query.Method: true, query.Service: true, query.TargetType: true, query.Changed: true,
}

func (n *names) unknown(all []entry) []name {
	n.mu.RLock()
	defer n.mu.RUnlock()
	fresh := map[name]bool{}
	for _, e := range all {
		namesOf(e.event, func(of name) {
			if !n.known[of] {
				fresh[of] = true
			}
		})
	}
	return slices.SortedFunc(maps.Keys(fresh), func(a, b name) int {
		if c := strings.Compare(string(a.key), string(b.key)); c != 0 {
			return c
		}
		return strings.Compare(a.text, b.text)
	})
}

func (n *names) remember(fresh []name) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) > maxNames {
		n.known = map[name]bool{}
	}
	for _, of := range fresh {
		n.known[of] = true
	}
}

func (n *names) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.known = nil
}

// addNames adds the names of events before the events themselves, over the same
// connection: a name too many does no harm, one that is missing would hide events.
func (s *Store) addNames(ctx context.Context, c *pgx.Conn, all []entry) error {
	fresh := s.names.unknown(all)
	if len(fresh) == 0 {
		return nil
	}
	keys, hashes, texts := make([]string, len(fresh)), make([][]byte, len(fresh)), make([]string, len(fresh))
	for i, of := range fresh {
		hash := sha256.Sum256([]byte(of.text))
		keys[i], hashes[i], texts[i] = string(of.key), hash[:], of.text
	}
	_, err := c.Exec(ctx, `INSERT INTO activitylog.names (key, hash, value)
		SELECT * FROM unnest($1::text[], $2::bytea[], $3::text[]) ON CONFLICT DO NOTHING`, keys, hashes, texts)
	if err == nil {
		s.names.remember(fresh)
	}
	return err
}
