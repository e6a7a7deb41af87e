package engine

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel"

	"github.com/activitylog-go/activitylog/mapping"
)

// delivery is the mode in which events are delivered: the only one that this
// version has.
const delivery = "best_effort"

// modes looks after the modes of delivery that mappings ask for.
type modes struct {
	checked atomic.Pointer[mapping.Mapping] // the last one

	mu   sync.Mutex
	told map[string]bool // by the modes: there are few
}

// check reports the modes that m asks for and does not get, each set of them
// once. It is cheap if m is the mapping that it saw last.
func (d *modes) check(m *mapping.Mapping) {
	if d.checked.Load() == m {
		return
	}
	d.checked.Store(m)
	missing := slices.DeleteFunc(m.Deliveries(), func(mode string) bool { return mode == delivery })
	if text := strings.Join(missing, ", "); text != "" && d.first(text) {
		otel.Handle(fmt.Errorf("activitylog: the mapping asks for delivery %s: this version delivers best_effort only: what the OpenTelemetry SDK loses is lost", text))
	}
}

func (d *modes) first(text string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.told == nil {
		d.told = make(map[string]bool)
	}
	defer func() { d.told[text] = true }()
	return !d.told[text]
}
