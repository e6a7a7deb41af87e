package scaffold

import (
	"fmt"
	"strings"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// Schema is the file that editors read the JSON Schema of a mapping from. It
// lies beside the mapping, so that it is of the same version as the program
// that wrote it and is found without a network.
const Schema = "activitylog.schema.json"

// Options says what a new file cannot tell from the routes alone.
type Options struct {
	// Prefixes are paths that routers may have before the routes, such as the
	// base path of an OpenAPI server. Others are found.
	Prefixes []string
}

// Write returns a new mapping file for an API. It names every route that
// changes something, each once; reads are left out. The file loads; the error
// says why if none can be written that does.
func Write(api []routes.Route, o Options) ([]byte, Report, error) {
	for _, p := range o.Prefixes {
		if strings.Trim(p, "/") == "" {
			continue // of a server without a path
		}
		if _, err := mapping.Parse("", []byte("version: 1\nstrip_prefixes: "+flowText(p)+"\n")); err != nil {
			return nil, Report{}, fmt.Errorf("scaffold: prefix %q: %w", p, err)
		}
	}
	h := newHeader(api, o)
	d, err := h.settle(api)
	if err != nil {
		return nil, Report{}, err
	}
	groups := group(d.entries, h.tenant)
	events := drafts(d)
	report := d.report()
	report.New, report.Events = d.entries.list(), len(events)

	var b strings.Builder
	h.write(&b, len(d.entries), len(report.Doubtful))
	section(&b, "routes", len(groups), func(i int) []string { return ruleLines(groups[i], "  ") })
	resources := byResource(events)
	section(&b, "events", len(resources), func(i int) []string { return eventLines(resources[i], "  ") })
	file := b.String()
	if _, err := mapping.Parse("", []byte(file)); err != nil {
		return nil, Report{}, fmt.Errorf("scaffold: no mapping can be written for these %d routes: %w", len(d.entries), err)
	}
	return []byte(file), report, nil
}

// section writes a key of the file with groups of lines below it.
func section(b *strings.Builder, name string, groups int, lines func(i int) []string) {
	if groups == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n", name)
	for i := range groups {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, line := range lines(i) {
			b.WriteString(line + "\n")
		}
	}
}
