// Package wordlist reads the lists of English words that inference and sentences
// go by: texts of words with white space between them.
package wordlist

import "strings"

// Set returns the words of a list.
func Set(list string) map[string]bool {
	m := make(map[string]bool)
	for _, word := range strings.Fields(list) {
		m[word] = true
	}
	return m
}

// Pairs returns the words of a table of key:value; the value of a word without
// a colon is "".
func Pairs(table string) map[string]string {
	m := make(map[string]string)
	for _, field := range strings.Fields(table) {
		key, value, _ := strings.Cut(field, ":")
		m[key] = value
	}
	return m
}
