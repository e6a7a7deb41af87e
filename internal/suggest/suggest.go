// Package suggest finds the word that somebody probably meant to write.
package suggest

import "strings"

// DidYouMean returns `: did you mean "x"?` for the known word nearest to word,
// or a list of the known ones if none is near.
func DidYouMean(word string, known []string) string {
	if closest := Closest(word, known); closest != "" {
		return `: did you mean "` + closest + `"?`
	}
	return ": known are " + strings.Join(known, ", ")
}

// longest is the length in bytes beyond which nobody misspells a word; looking
// for others takes the square of it.
const longest = 64

// Closest returns the candidate that is nearest to word, or "" if none is so
// near that it is worth a "did you mean". Case does not count; among equally
// near candidates the first one wins.
func Closest(word string, candidates []string) string {
	if len(word) > longest {
		return ""
	}
	word = strings.ToLower(word)
	best, least := "", limit(len([]rune(word)))+1
	for _, c := range candidates {
		if d := distance([]rune(word), []rune(strings.ToLower(c))); d < least {
			best, least = c, d
		}
	}
	return best
}

// limit is how many slips of the pen a word of n letters may have and still be
// recognised: one in three, at least one, but never all of them.
func limit(n int) int { return min(max(1, n/3), n-1) }

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to make b of a (optimal string alignment, Damerau-Levenshtein).
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
