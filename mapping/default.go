package mapping

import (
	_ "embed"
	"sync"
)

//go:embed payments.yaml
var paymentsYAML []byte

// shipped returns the catalogue of a payments organisation's activity log,
// read by the same parser as every other.
var shipped = sync.OnceValue(func() *spec {
	src := &source{file: "payments.yaml"}
	root := src.open(paymentsYAML)
	if root == nil {
		panic("activitylog: the shipped catalogue: " + src.err().Error())
	}
	sp := src.readSpec(root)
	if err := src.err(); err != nil {
		panic("activitylog: the shipped catalogue: " + err.Error())
	}
	return sp
})

var defaultMapping = sync.OnceValue(func() *Mapping {
	m, err := compile("", &spec{infer: "on"}, shipped())
	if err != nil {
		panic("activitylog: the shipped catalogue: " + err.Error())
	}
	return m
})
