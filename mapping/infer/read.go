package infer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// read makes tokens of a template's segments and drops those that name nothing.
func (d *decider) read(t route.Template) []token {
	var tokens []token
	segments := d.stripConfigured(t)
	param := len(t.Params)
	for _, s := range segments {
		param -= s.Params // those of the prefix are dropped with it
	}
	if tokens, ok := d.procedure(segments); ok {
		return tokens
	}
	for _, s := range segments {
		if s.Word != "" {
			tokens = appendWords(tokens, s)
		}
		for range s.Params {
			tokens = append(tokens, token{raw: t.Params[param], param: param, id: true})
			param++
		}
		if s.Verb != "" {
			d.custom = s.Verb
		}
	}
	tokens = d.stripUsual(tokens)
	return d.dropFillers(tokens)
}

// stripConfigured drops the longest of the mapping's prefixes that the
// template begins with.
func (d *decider) stripConfigured(t route.Template) []route.Segment {
	longest, spelled := "", ""
	for _, p := range d.opts.StripPrefixes {
		shape := strings.TrimSuffix(route.Parse(p).Shape, "/")
		if len(shape) > len(longest) && (t.Shape == shape || strings.HasPrefix(t.Shape, shape+"/")) {
			longest, spelled = shape, p
		}
	}
	if longest == "" {
		return t.Segments
	}
	d.step("the prefix %s is left out (strip_prefixes)", spelled)
	return t.Segments[strings.Count(longest, "/"):]
}

// appendWords adds the word of a segment, or the words of one that is a
// dotted procedure name such as "users.profile.set".
func appendWords(tokens []token, s route.Segment) []token {
	raw := strings.ToLower(s.Word)
	text := s.Word
	if m := fileExtension.FindStringIndex(raw); m != nil {
		text = text[:m[0]]
	}
	if versionSegment.MatchString(raw) || domain.MatchString(raw) {
		return append(tokens, token{raw: raw, snake: Snake(raw), param: -1})
	}
	for name := range strings.SplitSeq(text, ".") {
		if snake := Snake(name); snake != "" || pseudoIDs[name] {
			tokens = append(tokens, token{raw: strings.ToLower(name), snake: snake, param: -1})
		}
	}
	return tokens
}

// procedure reads the calls that are no resources: a service and a method
// (/acme.v1.UserService/CreateUser), and names with dots (/chat.postMessage).
func (d *decider) procedure(segments []route.Segment) ([]token, bool) {
	n := len(segments)
	if n == 0 || d.method != "POST" || segments[n-1].Params > 0 || segments[n-1].Verb != "" {
		return nil, false
	}
	last := segments[n-1].Word
	if n > 1 && isService(segments[n-2].Word, last) {
		service := serviceName.FindStringSubmatch(segments[n-2].Word)[1]
		d.step("%s is a method of the service %s", last, segments[n-2].Word)
		d.custom, d.service = last, true
		object := actionObject(Snake(last))
		if object == "" {
			object = Snake(service)
		}
		return []token{{raw: object, snake: object, param: -1}}, true
	}
	dot := strings.LastIndexByte(last, '.')
	lower := strings.ToLower(last)
	if dot < 0 || versionSegment.MatchString(lower) || domain.MatchString(lower) || fileExtension.MatchString(lower) {
		return nil, false
	}
	d.step("%s is a procedure", last)
	d.custom, d.rpc = last[dot+1:], true
	return d.dropFillers(d.stripUsual(appendWords(nil, route.Segment{Word: last[:dot]}))), true
}

// isService reports whether a segment is the name of a service in gRPC and its
// kin, such as UserService or acme.v1.Users, and the next one that of a method.
func isService(segment, method string) bool {
	m := serviceName.FindStringSubmatch(segment)
	return m != nil && (m[2] != "" || strings.Contains(segment, ".") && startsUpper(method))
}

func startsUpper(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }

// serviceName matches the last part of a service's name and what only says
// that it is one.
var serviceName = regexp.MustCompile(`(?:^|\.)([A-Z]\w*?)(Service|API|)$`)

// stripUsual drops the leading segments that are no part of a name: "api",
// "rest", versions, API groups.
func (d *decider) stripUsual(tokens []token) []token {
	n := 0
	for n < len(tokens) && d.isPrefix(tokens, n) {
		n++
	}
	// /billing/api/invoices: what stands before is the name of a service.
	if n == 0 && len(tokens) > 2 && !tokens[0].id && prefixSegments[tokens[1].raw] && d.isPrefix(tokens, 1) {
		n = 2
		for n < len(tokens) && d.isPrefix(tokens, n) {
			n++
		}
	}
	// A version further in ends a prefix that begins with one of the usual
	// segments: /apis/apps/v1, /rest/agile/1.0.
	for i := n; i < min(len(tokens), 3); i++ {
		if !tokens[i].id && versionSegment.MatchString(tokens[i].raw) &&
			slices.ContainsFunc(tokens[:i], func(t token) bool { return prefixSegments[t.raw] }) {
			n = i + 1
		}
	}
	if n == 0 {
		return tokens
	}
	var names []string
	for _, t := range tokens[:n] {
		names = append(names, t.raw)
	}
	d.step("the prefix /%s is no part of a name", strings.Join(names, "/"))
	return tokens[n:]
}

// isPrefix reports whether the token at i leads the path and names nothing. A
// prefix that an id follows, or nothing, is a resource: /apis/{api}.
func (d *decider) isPrefix(tokens []token, i int) bool {
	t := tokens[i]
	if t.id {
		return false
	}
	if versionSegment.MatchString(t.raw) || domain.MatchString(t.raw) {
		return true
	}
	if i+1 == len(tokens) || tokens[i+1].id {
		return false
	}
	return prefixSegments[t.raw] || audiences[t.raw] && versionSegment.MatchString(tokens[i+1].raw)
}

// dropFillers drops what is no resource behind the prefix: versions,
// selectors, words that say that there are many; and makes ids of words such
// as "me".
func (d *decider) dropFillers(tokens []token) []token {
	var kept []token
	for i, t := range tokens {
		next := i+1 < len(tokens)
		switch {
		case t.id:
			kept = append(kept, t)
		case versionSegment.MatchString(t.raw) || domain.MatchString(t.raw):
			d.step("%q is no part of a name", t.raw)
		case selfWords[t.raw] && !hasWord(kept):
			d.step("%q is the user who asks", t.raw)
			kept = append(kept, token{raw: "user", snake: "user", param: -1}, token{raw: t.raw, param: -1, id: true})
		case pseudoIDs[t.raw] && hasWord(kept):
			d.step("%q stands for an id", t.raw)
			kept = append(kept, token{raw: t.raw, param: -1, id: true})
		case pseudoIDs[t.raw] && next && t.raw != "all":
			d.step("%q is no part of a name", t.raw)
		case selectors[t.raw] && hasWord(kept) && !kept[len(kept)-1].id && next && tokens[i+1].id:
			d.step("%q says by what the id is one", t.raw)
		case bulkSegments[t.raw] && (hasWord(kept) || hasWord(tokens[i+1:])):
			d.step("%q says only that there are many", t.raw)
		case t.snake != "":
			kept = append(kept, t)
		}
	}
	return kept
}

func hasWord(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool { return !t.id && t.snake != "" })
}

// findTenant finds the parameter that names the tenant and marks the word
// before it.
func (d *decider) findTenant(t route.Template) {
	if name := d.opts.TenantParam; name != "" {
		d.Tenant = slices.Index(t.Params, name)
	}
	for i, id := range d.tokens {
		if !id.id || i == 0 || d.tokens[i-1].id {
			continue
		}
		word := &d.tokens[i-1]
		switch {
		case d.opts.TenantParam == "" && id.param >= 0 && tenantWords[Singular(word.snake)]:
			d.Tenant = id.param
		case d.Tenant < 0 || d.Tenant != id.param:
			return // the first pair is something else
		}
		word.tenant = true
		d.step("/%s/{%s} names the tenant", word.raw, id.raw)
		return
	}
}
