package secret

// Find returns the secrets in s without a look at what is quick to see.
func Find(s string) []string {
	var found []string
	for _, sp := range find(s) {
		found = append(found, s[sp.start:sp.end])
	}
	return found
}
