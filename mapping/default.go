package mapping

import (
	_ "embed"
	"sync"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

//go:embed payments.yaml
var paymentsYAML []byte

// shipped returns the catalogue of a payments organisation's activity log,
// read by the same reader as every other.
var shipped = sync.OnceValue(func() *document.Document {
	doc, problems := document.Read("payments.yaml", paymentsYAML, document.Options{})
	if err := problems.Err(); err != nil {
		panic("activitylog: the shipped catalogue: " + err.Error())
	}
	return doc
})

var defaultMapping = sync.OnceValue(func() *Mapping {
	c := &compiler{Problems: &document.Problems{}, doc: &document.Document{}}
	m := c.compile(shipped())
	if err := c.Err(); err != nil {
		panic("activitylog: the shipped catalogue: " + err.Error())
	}
	m.doc = nil
	return m
})
