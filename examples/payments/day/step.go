package day

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog"
)

// Length is how long before now the day begins.
const Length = 20 * time.Hour

// A Step is one request of the day, with what the API answers and what the
// activity log then says.
type Step struct {
	At   string // hours and minutes since the day began; no two steps have the same
	Who  string // "ann", or "maya as yuki" for support; see people
	Do   string // "POST /orgs/acme/members > kim": method, path, name for the id in the answer
	Body string // JSON, if any; {kim} in here and in the path is the id kept under that name

	Status int
	Code   activitylog.Code // "" if the request is no event
	Target string           // the primary target's name, or its id if it has none
}

// Story returns the steps in the order of time.
func Story() []Step {
	steps := slices.Concat(nordwind, acme, money, machine, support, stranger)
	slices.SortStableFunc(steps, func(a, b Step) int { return strings.Compare(a.At, b.At) })
	return steps
}

// Expected returns the codes that are in the activity log after the day, with
// the number of their events.
func Expected() map[activitylog.Code]int {
	codes := make(map[activitylog.Code]int)
	for _, s := range Story() {
		if s.Code != "" {
			codes[s.Code]++
		}
	}
	return codes
}

// actors returns who makes the request and, if it is somebody else, in whose name.
func (s Step) actors() (who, as string) {
	who, as, _ = strings.Cut(s.Who, " as ")
	return who, as
}

// request takes Do apart.
func (s Step) request() (method, path, keep string) {
	do, keep, _ := strings.Cut(s.Do, " > ")
	method, path, _ = strings.Cut(do, " ")
	return method, path, keep
}

// offset returns At as the time since the day began. The i-th step gets some
// seconds of its own, so that no two people act on the stroke of a minute.
func (s Step) offset(i int) (time.Duration, error) {
	var hours, minutes int
	if _, err := fmt.Sscanf(s.At, "%02d:%02d", &hours, &minutes); err != nil {
		return 0, fmt.Errorf("time %q: %w", s.At, err)
	}
	seconds := time.Duration(i*37%60)*time.Second + time.Duration(i*211%1000)*time.Millisecond
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + seconds, nil
}
