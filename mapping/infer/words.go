package infer

import (
	"regexp"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// Snake returns text in lower snake case: the words of kebab-case,
// camelCase, dotted and spaced names. Letters outside of ASCII separate
// words, since a code cannot hold them.
func Snake(text string) string {
	var b strings.Builder
	gap := false
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if startsWord(text, i) {
				gap = true
			}
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		default:
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteByte(c)
	}
	return spell(b.String())
}

// startsWord reports whether the capital at i begins a word of camelCase:
// "projectId", "CVEList".
func startsWord(text string, i int) bool {
	if i == 0 {
		return false
	}
	before := text[i-1]
	if before >= 'a' && before <= 'z' || before >= '0' && before <= '9' {
		return true
	}
	return isUpper(before) && i+1 < len(text) && text[i+1] >= 'a' && text[i+1] <= 'z' &&
		!pluralAcronym(text[i:])
}

// pluralAcronym reports whether text, which begins with the last capital of
// several, ends an acronym in the plural: "APIs", "userIDs".
func pluralAcronym(text string) bool {
	return len(text) >= 2 && text[1] == 's' && (len(text) == 2 || !isLetter(text[2]))
}

func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func isLetter(c byte) bool { return isUpper(c) || c >= 'a' && c <= 'z' }

// spell mends the names that the letters alone get wrong.
func spell(snake string) string {
	snake = strings.ReplaceAll(snake, "o_auth", "oauth")
	snake = strings.ReplaceAll(snake, "git_hub", "github")
	snake = strings.ReplaceAll(snake, "git_lab", "gitlab")
	for _, many := range manySuffixes {
		snake = strings.TrimSuffix(snake, many)
	}
	if head, last, ok := cutLast(snake); ok && versionWord.MatchString(last) {
		snake = head // projectsV2
	}
	return startWithLetter(unsquash(snake))
}

// unsquash parts the verb and its object in a word that ran together:
// resetpassword.
func unsquash(word string) string {
	for verb := range squashedVerbs {
		if object, ok := strings.CutPrefix(word, verb); ok && squashedObjects[Singular(object)] {
			return verb + "_" + object
		}
	}
	return word
}

var (
	squashedVerbs = wordlist.Set(`
		create add new update edit delete remove set reset change forgot verify confirm validate check get find search
		cancel approve reject send resend generate assign unassign upload download import export enable disable
		activate deactivate revoke refresh register invite clear mark
	`)
	squashedObjects = wordlist.Set(`
		password passcode pin otp email phone user member account profile avatar role permission group team token code
		key secret file image photo document report order cart item payment invoice card coupon address message
		notification link invite invitation status draft template comment subscription cache read unread all
	`)
)

// manySuffixes say only that something is done to many: update_many.
var manySuffixes = []string{"_many", "_bulk", "_multiple", "_batch"}

var digits = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// startWithLetter makes a word of a name that begins with a digit, since a
// code cannot: 2fa is two_fa, 1099_forms is n1099_forms.
func startWithLetter(name string) string {
	name = strings.TrimLeft(name, "_")
	switch {
	case name == "" || isLetter(name[0]):
		return name
	case len(name) > 1 && isLetter(name[1]):
		return digits[name[0]-'0'] + "_" + name[1:]
	default:
		return "n" + name
	}
}

func cutLast(snake string) (head, last string, ok bool) {
	i := strings.LastIndexByte(snake, '_')
	if i < 0 {
		return "", snake, false
	}
	return snake[:i], snake[i+1:], true
}

func lastWord(snake string) string {
	_, last, _ := cutLast(snake)
	return last
}

var (
	versionWord    = regexp.MustCompile(`^v\d+$`)
	versionSegment = regexp.MustCompile(`^(v\d+([._-]?\d+)*([._-]?(alpha|beta|rc|preview)\d*)*|v|\d{1,3}(\.\d+)*|20\d\d-\d\d(-\d\d)?)$`)
	domain         = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|io|dev|app|cloud|co|local)$`)
	fileExtension  = regexp.MustCompile(`\.(json|xml|html|csv|php|aspx?|do|action|yaml)$`)
)

// prefixSegments lead a path and name nothing.
var prefixSegments = wordlist.Set(`api apis _api rest restapi rest-api restful jsonapi json rpc twirp odata webapi`)

// audiences say before a version whom the API is for: /client/v4.
var audiences = wordlist.Set(`client external internal mobile open partner private public web`)

// pseudoIDs stand where an id could.
var pseudoIDs = wordlist.Set(`me self myself current mine all latest @me ~ - _`)

// selfWords lead a path and mean the user who asks.
var selfWords = wordlist.Set(`me self myself @me`)

// selectors say by what the id that follows is one: /dashboards/uid/{uid}.
var selectors = wordlist.Set(`id uid uuid guid slug name key by-id by-uid by-uuid by-name by-slug by-key by-email`)

// bulkSegments say that there are many, not of what.
var bulkSegments = wordlist.Set(`bulk batch mass multi _bulk bulk-operations batch-operations`)

// tenantWords are the resources whose id, in the first pair of a route,
// names the tenant.
var tenantWords = wordlist.Set(`org organisation organization tenant workspace enterprise namespace`)

// keptPlural are plurals that are one thing when no id follows.
var keptPlural = wordlist.Set(`settings preferences defaults details`)

// singletons are things of which there is one, so that a POST updates it.
var singletons = wordlist.Set(`
	settings preferences profile password config configuration status state defaults metadata
	avatar logo icon photo picture banner cover thumbnail priority visibility deadline due_date
`)
