package activitylogexporter

// ReadChanges is readChanges.
var ReadChanges = readChanges
