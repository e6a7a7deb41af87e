package mapping

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

// A spec is a mapping file, read and checked.
type spec struct {
	noBase        bool // catalogue: none
	stripPrefixes []string
	tenant        string
	infer         string // on, warn or off
	dotted        bool
	words         map[string]string
	verbs         map[string]string
	events        []catalogue.Entry
	routes        []*routeSpec
}

// version is the version of the format that this package reads.
const version = "1"

// readSpec reads the file whose root is given and notes every problem.
func (s *source) readSpec(root *ast.MappingNode) *spec {
	sp := &spec{infer: "on", words: map[string]string{}, verbs: map[string]string{}}
	hasVersion := false
	known := []string{"version", "catalogue", "strip_prefixes", "tenant", "infer", "event_names", "words", "verbs", "events", "routes"}
	s.object(root, root.GetToken(), "mapping", known, func(f field) {
		switch f.key {
		case "version":
			hasVersion = true
			if v, _ := scalar(f.value); v != version {
				s.errorf(tokenOf(f.value, f.at), "version: this program reads version %s only", version)
			}
		case "catalogue":
			sp.noBase = s.oneOf(f, "catalogue", "payments", "none") == "none"
		case "strip_prefixes":
			sp.stripPrefixes = s.readPrefixes(f)
		case "tenant":
			s.object(f.value, f.at, "tenant", []string{"path"}, func(f field) { sp.tenant = s.text(f, "tenant.path") })
		case "infer":
			sp.infer = s.oneOf(f, "infer", "on", "warn", "off")
		case "event_names":
			sp.dotted = s.oneOf(f, "event_names", "code", "dotted") == "dotted"
		case "words":
			s.readWords(f, sp.words)
		case "verbs":
			s.readWords(f, sp.verbs)
		case "events":
			sp.events = s.readEvents(f)
		case "routes":
			sp.routes = s.readRoutes(f)
		}
	})
	if !hasVersion {
		s.errorf(tokenOf(root, root.Start), "version: missing: the file must say version: %s", version)
	}
	return sp
}

func (s *source) readPrefixes(f field) []string {
	var prefixes []string
	for _, f := range s.list(f, "strip_prefixes") {
		p := s.text(f, "strip_prefixes")
		if p != "" && (!strings.HasPrefix(p, "/") || len(p) < 2) {
			s.errorf(f.at, "strip_prefixes: %q must be a path such as /api/v1", p)
			continue
		}
		prefixes = append(prefixes, p)
	}
	return prefixes
}

// readWords reads words or verbs: path segment → word of a code.
func (s *source) readWords(f field, into map[string]string) {
	for _, w := range s.fields(f.value, f.at, f.key) {
		word := s.text(w, f.key+": "+w.key)
		if _, err := activitylog.ParseCode(word + ":x"); word != "" && (err != nil || strings.Contains(word, ".")) {
			s.errorf(tokenOf(w.value, w.at), "%s: %q must be a lower_snake word", f.key, word)
			continue
		}
		segment := strings.ToLower(strings.TrimPrefix(w.key, ":"))
		if segment == "" || strings.ContainsAny(segment, "/{}") {
			s.errorf(w.at, "%s: %q must be one path segment", f.key, w.key)
			continue
		}
		if _, twice := into[segment]; twice {
			s.errorf(w.at, "%s: %q stands here a second time: upper and lower case are the same", f.key, w.key)
			continue
		}
		into[segment] = word
	}
}

func (s *source) readEvents(f field) []catalogue.Entry {
	var entries []catalogue.Entry
	for _, f := range s.fields(f.value, f.at, "events") {
		entry := catalogue.Entry{Code: s.parseCode(f.key, f.at)}
		if _, empty := f.value.(*ast.NullNode); !empty {
			s.object(f.value, f.at, f.key, []string{"title", "sentence", "attempt"}, func(g field) {
				switch what := f.key + ": " + g.key; g.key {
				case "title":
					entry.Title = s.text(g, what)
				case "sentence":
					entry.Sentences = s.templates(g, what)
				case "attempt":
					entry.Attempts = s.templates(g, what)
				}
			})
		}
		entries = append(entries, entry)
	}
	return entries
}

// code returns the value of a field that must be a code.
func (s *source) code(f field) activitylog.Code {
	text := s.text(f, f.key)
	if strings.TrimSpace(text) == "" {
		return "" // which text has noted
	}
	return s.parseCode(text, tokenOf(f.value, f.at))
}

func (s *source) parseCode(text string, at *token.Token) activitylog.Code {
	code, err := activitylog.ParseCode(text)
	if err != nil {
		s.errorf(at, "%v", err)
	}
	return code
}

// templates reads one sentence or several, of which the first that has all
// its values is used.
func (s *source) templates(f field, what string) []string {
	var texts []string
	for _, f := range s.list(f, what) {
		text := s.text(f, what)
		if strings.TrimSpace(text) == "" {
			continue
		}
		if _, err := catalogue.ParseTemplate(text); err != nil {
			s.templateError(f, what, err)
			continue
		}
		texts = append(texts, text)
	}
	return texts
}

func (s *source) templateError(f field, what string, err error) {
	problem, ok := err.(*catalogue.TemplateError)
	if !ok {
		s.errorf(f.at, "%s: %v", what, err)
		return
	}
	hint := ""
	if problem.Placeholder != "" {
		hint = didYouMean(problem.Placeholder, catalogue.Placeholders())
	}
	s.errorf(tokenOf(f.value, f.at), "%s: %s%s", what, problem.Msg, hint)
}
