package engine

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

// The limit of events of one kind where the application sets none.
const (
	floodLimit  = 100
	floodWindow = time.Minute
)

// A flood keeps clients from filling the log with requests that come to
// nothing: in each window of time it lets some events of a kind pass and counts
// the others. What it has counted it emits, as one event for each kind, when
// the window ends; a timer ends it, so that no request need come for that.
type flood struct {
	limit  int // events of one kind and window; below 0: no limit
	length time.Duration
	emit   func(*activitylog.Event)

	mu     sync.Mutex
	window *window   // nil if none is open
	over   []*window // have ended, and their counts are not emitted yet

	emitting sync.Mutex
}

// floods are those that may have something to emit. One is in here for as long
// as it has a window, so it keeps no engine alive that nobody uses.
var floods sync.Map

// absorbs reports whether e is counted in place of being emitted.
func (f *flood) absorbs(m *mapping.Mapping, e *activitylog.Event) bool {
	if f.limit < 0 || !isFutile(e) {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.window != nil && !e.Time.Before(f.window.ends) {
		f.end() // by the clock of the application, which may not be that of the timer
		go f.emitOver()
	}
	if f.window == nil {
		f.begin(e.Time)
	}
	return f.window.absorbs(m, e, f.limit)
}

// isFutile reports whether e tells of a request that changed nothing and that
// anybody can send in any number: it was denied, or what it was for is not there.
func isFutile(e *activitylog.Event) bool {
	if e.Outcome != activitylog.Failure {
		return e.Outcome == activitylog.Denied
	}
	switch e.ErrorType {
	case "404", "405", "410", "NOT_FOUND", "UNIMPLEMENTED":
		return true
	}
	return false
}

// begin opens a window. f.mu is held.
func (f *flood) begin(now time.Time) {
	w := &window{ends: now.Add(f.length), passed: map[kind]int{}, counted: map[place]*summary{}, kinds: map[bool]int{}, places: map[bool]int{}}
	w.timer = time.AfterFunc(f.length, func() { f.timeout(w) })
	f.window = w
	floods.Store(f, nil)
}

// end closes the window. f.mu is held.
func (f *flood) end() {
	f.window.timer.Stop()
	f.over = append(f.over, f.window)
	f.window = nil
}

func (f *flood) timeout(w *window) {
	f.mu.Lock()
	if f.window == w {
		f.end()
	}
	f.mu.Unlock()
	f.emitOver()
}

func (f *flood) flush() {
	f.mu.Lock()
	if f.window != nil {
		f.end()
	}
	f.mu.Unlock()
	f.emitOver()
}

// emitOver emits what windows that have ended counted. It waits for whoever
// does so already.
func (f *flood) emitOver() {
	f.emitting.Lock()
	defer f.emitting.Unlock()
	f.mu.Lock()
	over := f.over
	f.over = nil
	f.mu.Unlock()
	for _, w := range over {
		for _, s := range w.counted {
			f.emit(s.finish())
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.window == nil && len(f.over) == 0 {
		floods.Delete(f)
	}
}

// maxKinds bounds the kinds that a window tells apart, and separately the
// places: of known actors, and again of those who are nobody, who may have any
// number of addresses and must not hide what the others try. Those beyond share
// one kind for each outcome.
const maxKinds = 1024

// A window is the time in which events are counted together.
type window struct {
	ends    time.Time
	timer   *time.Timer
	passed  map[kind]int
	counted map[place]*summary

	kinds, places map[bool]int // how many there are, of known actors and others
}

// A kind is what events have in common that are counted together: who, what,
// and how it ended. Which tenant it was for does not matter: a client may try
// a great many of them.
type kind struct {
	known     bool // who is an actor
	who       string
	network   netip.Addr
	code      activitylog.Code
	outcome   activitylog.Outcome
	errorType string
	status    int
}

// A place is a kind of events in the log of one tenant.
type place struct {
	kind
	tenant string
}

func (w *window) absorbs(m *mapping.Mapping, e *activitylog.Event, limit int) bool {
	k := kindOf(e)
	passed, known := w.passed[k]
	switch {
	case known:
	case w.kinds[k.known] >= maxKinds || len(k.who) > maxShort:
		k = kind{known: k.known, outcome: e.Outcome}
		passed = w.passed[k]
	default:
		w.kinds[k.known]++
		k.who = strings.Clone(k.who) // it may lie in a large buffer
	}
	if passed < limit {
		w.passed[k] = passed + 1
		return false
	}
	w.summary(m, k, e).add(e)
	return true
}

// summary returns what counts e.
func (w *window) summary(m *mapping.Mapping, k kind, e *activitylog.Event) *summary {
	at := place{kind: k, tenant: e.Tenant}
	if s := w.counted[at]; s != nil {
		return s
	}
	if k.code == "" || w.places[k.known] >= maxKinds || len(e.Tenant) > maxShort {
		at = place{kind: kind{known: k.known, outcome: e.Outcome}}
		if s := w.counted[at]; s != nil {
			return s
		}
	}
	at.tenant = strings.Clone(at.tenant)
	s := newSummary(m, at, e)
	w.counted[at] = s
	w.places[k.known]++
	return s
}

// kindOf returns the kind of an event. Who sends it is the actor; without one,
// and if the actor is only what a client says that was not believed, it is the
// network of the client's address: a client has as many IPv6 addresses in one
// as it likes.
func kindOf(e *activitylog.Event) kind {
	k := kind{code: e.Code, outcome: e.Outcome, errorType: e.ErrorType, status: e.HTTP.Status}
	if e.Actor.ID != "" && e.HTTP.Status != 401 && e.ErrorType != "UNAUTHENTICATED" {
		k.known, k.who = true, e.Actor.ID
		return k
	}
	addr, err := netip.ParseAddr(e.Source.ClientAddress)
	if err != nil {
		k.who = e.Source.ClientAddress
		return k
	}
	k.network = addr
	if addr.Is6() {
		prefix, _ := addr.Prefix(64) // 64 bits are there
		k.network = prefix.Addr()
	}
	return k
}
