package diff

import (
	"encoding/json"
	"strconv"
)

// fingerprint returns that of a value as JSON, nil without a key or a value;
// and false if the value cannot be read or is too large.
func (d *differ) fingerprint(field string, n *node) (json.RawMessage, bool) {
	if !n.readable() {
		return nil, false
	}
	if d.Sum == nil || n.kind == none {
		return nil, true
	}
	// The length tells where the path ends, the name of the format sets these
	// fingerprints apart from all else that the key may be used for.
	e := encoder{limit: maxDocument, exact: true}
	e.node(n)
	if len(e.b) > e.limit {
		return nil, false
	}
	message := "activitylog/secret/v1\n" + strconv.Itoa(len(field)) + ":" + field
	return fingerprintOf(d.Sum(append([]byte(message), e.b...))), true
}
