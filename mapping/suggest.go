package mapping

import (
	"strings"

	"github.com/activitylog-go/activitylog/internal/suggest"
)

// didYouMean returns `: did you mean "x"?` for the known word nearest to
// word, or a list of the known ones if none is near.
func didYouMean(word string, known []string) string {
	const longest = 64 // nobody misspells a key at greater length
	if len(word) <= longest {
		if closest := suggest.Closest(word, known); closest != "" {
			return `: did you mean "` + closest + `"?`
		}
	}
	return ": known are " + strings.Join(known, ", ")
}
