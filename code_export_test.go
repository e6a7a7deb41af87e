package activitylog

// ForgetMisnamed forgets which codes were reported.
func ForgetMisnamed() {
	misnamed.mu.Lock()
	defer misnamed.mu.Unlock()
	misnamed.codes = nil
}
