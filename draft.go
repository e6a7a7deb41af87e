package activitylog

import (
	"context"
	"sync"

	"go.opentelemetry.io/otel/attribute"
)

// A Draft is the event of a request that is still running. Its methods may be
// called from several goroutines, do nothing on a nil Draft, and do nothing
// once the request has ended and the event is emitted.
type Draft struct {
	mu     sync.Mutex
	closed bool
	set    Fields

	describer  Describer      // nil if there is none; see Defer
	describing sync.WaitGroup // which reads what is the request's
}

// Fields is what an application has said of its event through a [Draft].
// Empty fields are left to the middleware.
type Fields struct {
	Actor      Actor
	Tenant     string
	Targets    []Target
	Changes    []Change
	Outcome    Outcome
	Reason     string
	Attributes Attributes
	Suppressed string // the reason given to Suppress
	Operation  string // its id, if Defer was called
	Replay     bool   // see MarkReplay
}

// ContextKey is the key under which a context holds the draft of its request.
// It is a string because gin's context looks up nothing else unless it is told
// to: a middleware that also puts the draft there lets [From] take either.
const ContextKey = "github.com/activitylog-go/activitylog.Draft"

// A DraftContext is a context with a draft in it. A middleware may make it a
// part of what else it keeps of a request: one allocation for all.
type DraftContext struct {
	context.Context
	Draft Draft
}

// Value returns the draft for [ContextKey], and else what the context has.
func (c *DraftContext) Value(key any) any {
	if key == ContextKey {
		return &c.Draft
	}
	return c.Context.Value(key)
}

// Begin returns a context with a new draft in it. A middleware calls it; the
// application finds the draft with [From], also in contexts derived from this one.
func Begin(ctx context.Context) (context.Context, *Draft) {
	c := &DraftContext{Context: ctx}
	return c, &c.Draft
}

// From returns the draft of the request that ctx belongs to. Outside of a
// request that may be an event it returns nil, which is safe to use.
func From(ctx context.Context) *Draft {
	d, _ := ctx.Value(ContextKey).(*Draft)
	return d
}

// Open reports whether the draft still takes what is said.
func (d *Draft) Open() bool {
	if d == nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.closed
}

// Close ends the draft and returns what was said. A second call, and every
// later call of another method, finds it closed. It waits for a Defer that is
// under way in another goroutine.
func (d *Draft) Close() (set Fields, ok bool) {
	d.update(func(f *Fields) {
		set, ok = *f, true
		d.closed = true
	})
	if d != nil {
		d.describing.Wait()
	}
	return set, ok
}

// SetActor says who made the request. It overrules the middleware's options.
func (d *Draft) SetActor(a Actor) { d.update(func(f *Fields) { f.Actor = a }) }

// SetTenant says whose log the event belongs to. It overrules the mapping.
func (d *Draft) SetTenant(id string) { d.update(func(f *Fields) { f.Tenant = id }) }

// AddTarget adds something that the action was done to. The first target
// that is added takes the place of the one that the mapping finds.
func (d *Draft) AddTarget(t Target) {
	d.update(func(f *Fields) { f.Targets = append(f.Targets, t) })
}

// AddChange adds a field of the target with its value before and after; path
// is a JSON pointer, nil stands for no value.
func (d *Draft) AddChange(path string, old, new any) {
	d.AddChanges(NewChange(path, old, new)) // which may call the application: outside of the lock
}

// AddChanges adds fields of the target that have changed, such as those that
// [Diff] finds.
func (d *Draft) AddChanges(changes ...Change) {
	d.update(func(f *Fields) { f.Changes = append(f.Changes, changes...) })
}

// SetOutcome overrules the outcome that the response status stands for. Where
// the mapping's result says what the response tells, that overrules a [Success]
// in turn.
func (d *Draft) SetOutcome(o Outcome) { d.update(func(f *Fields) { f.Outcome = o }) }

// SetReason says why the action failed or was denied, or gives a person's comment.
func (d *Draft) SetReason(reason string) { d.update(func(f *Fields) { f.Reason = reason }) }

// Set adds an attribute under a name of the application's own.
func (d *Draft) Set(name string, value any) {
	v := attributeValue(value) // outside of the lock: it may call the application
	d.update(func(f *Fields) { f.Attributes.set(attribute.KeyValue{Key: attribute.Key(name), Value: v}) })
}

// Suppress says that the request is no event, and why. The middleware counts it.
func (d *Draft) Suppress(reason string) {
	if reason == "" {
		reason = "no reason given"
	}
	d.update(func(f *Fields) { f.Suppressed = reason })
}

// MarkReplay says that the request is the replay of one that was answered
// before, with an Idempotency-Key say, so that nothing was done now. It is no
// event: whoever counts events counts actions, and this is none. The
// middleware counts it, in activitylog.requests.replayed.
func (d *Draft) MarkReplay() { d.update(func(f *Fields) { f.Replay = true }) }

func (d *Draft) update(change func(*Fields)) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		change(&d.set)
	}
}
