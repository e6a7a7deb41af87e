package viewer

import (
	"fmt"
	"strings"
	"time"
)

// A clock tells times to the reader of one page.
type clock struct {
	now  time.Time
	zone *time.Location
}

// A moment is one time as a page shows it.
type moment struct {
	Machine string // RFC 3339 with nanoseconds, UTC
	Clock   string // "10:35:12"
	Full    string // "Monday 23 November 2026, 10:35:12.418123456"
	Ago     string // "9 min ago"
}

func (c clock) moment(t time.Time) moment {
	local := t.In(c.zone)
	return moment{
		Machine: t.UTC().Format(time.RFC3339Nano),
		Clock:   local.Format("15:04:05"),
		Full:    local.Format("Monday 2 January 2006, 15:04:05.000000000"),
		Ago:     ago(c.now.Sub(t)),
	}
}

// day names the day of t: "Today, Monday 23 November".
func (c clock) day(t time.Time) string {
	local, today := t.In(c.zone), c.now.In(c.zone)
	name := local.Format("Monday 2 January")
	if local.Year() != today.Year() {
		name = local.Format("Monday 2 January 2006")
	}
	switch local.Format(time.DateOnly) {
	case today.Format(time.DateOnly):
		return "Today, " + name
	case today.AddDate(0, 0, -1).Format(time.DateOnly):
		return "Yesterday, " + name
	default:
		return name
	}
}

// offset is the zone's difference from UTC now: "UTC+2", "UTC-3:30".
func (c clock) offset() string {
	text := c.now.In(c.zone).Format("-07:00")
	sign, hours, minutes := text[:1], strings.TrimPrefix(text[1:3], "0"), text[3:]
	if minutes == ":00" {
		minutes = ""
	}
	return "UTC" + sign + hours + minutes
}

// ago says how long before now something was. The script of the pages says
// the same in the same words.
func ago(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < -time.Minute:
		return "in the future"
	case d < time.Second:
		return "now"
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", d/time.Minute)
	case d < day:
		return fmt.Sprintf("%d h ago", d/time.Hour)
	case d < 2*day:
		return "1 day ago"
	case d < 60*day:
		return fmt.Sprintf("%d days ago", d/day)
	case d < 730*day:
		return fmt.Sprintf("%d months ago", d/(30*day))
	default:
		return fmt.Sprintf("%d years ago", d/(365*day))
	}
}
