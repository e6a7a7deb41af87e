package catalogue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// A Condition says of which events something holds. All that it names must
// hold; of a list, any element. The zero Condition holds always.
type Condition struct {
	Status   []StatusRange
	Outcomes []activitylog.Outcome

	// Changed names fields of which one must have changed, itself or in a
	// part of it. A change whose values are secret counts.
	Changed []Pattern
}

// A Pattern names fields of a JSON document: a JSON pointer (RFC 6901) in which
// the segment "*" stands for any one key or index.
type Pattern = pointer.Pattern

// ParsePattern reads a pattern.
func ParsePattern(text string) (Pattern, error) { return pointer.Parse(text) }

// A StatusRange is a range of HTTP response statuses, both ends included.
type StatusRange struct{ Low, High int }

// String returns the range as a mapping has it: "404", "4xx", "200-204".
func (r StatusRange) String() string {
	switch {
	case r.Low == r.High:
		return strconv.Itoa(r.Low)
	case r.Low%100 == 0 && r.High == r.Low+99:
		return strconv.Itoa(r.Low/100) + "xx"
	default:
		return fmt.Sprintf("%d-%d", r.Low, r.High)
	}
}

// Holds reports whether the condition holds of e.
func (c Condition) Holds(e *activitylog.Event) bool {
	return (len(c.Status) == 0 || c.hasStatus(e.HTTP.Status)) &&
		(len(c.Outcomes) == 0 || slices.Contains(c.Outcomes, e.Outcome)) &&
		(len(c.Changed) == 0 || c.hasChange(e.Changes))
}

func (c Condition) hasStatus(status int) bool {
	for _, r := range c.Status {
		if r.Low <= status && status <= r.High {
			return true
		}
	}
	return false
}

// anyChange is the pattern that every change meets, also that of a document of
// which nobody knows what changed in it.
const anyChange = "/*"

func (c Condition) hasChange(changes []activitylog.Change) bool {
	for i := range changes {
		for _, p := range c.Changed {
			if p.Covers(changes[i].Path) || changes[i].Path == "" && p.String() == anyChange {
				return true
			}
		}
	}
	return false
}

// Always reports whether the condition holds of every event.
func (c Condition) Always() bool {
	return len(c.Status) == 0 && len(c.Outcomes) == 0 && len(c.Changed) == 0
}

// String returns the condition in words: "the status is 4xx and /role
// changed". It is empty if the condition holds always.
func (c Condition) String() string {
	var parts []string
	if len(c.Status) > 0 {
		parts = append(parts, "the status is "+alternatives(c.Status))
	}
	if len(c.Outcomes) > 0 {
		parts = append(parts, "the outcome is "+alternatives(c.Outcomes))
	}
	if len(c.Changed) > 0 {
		parts = append(parts, alternatives(c.Changed)+" changed")
	}
	return strings.Join(parts, " and ")
}

func alternatives[T any](list []T) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = fmt.Sprint(v)
	}
	return strings.Join(texts, " or ")
}
