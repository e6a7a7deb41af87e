package api

import (
	"encoding/json"
	"net/http"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// maxCount is how far a count looks.
const maxCount = 10_000

// A count is the answer to GET /v1/events:count.
type count struct {
	Events int  `json:"events"`
	Capped bool `json:"capped"` // there are more
}

func (h *handler) count(r *http.Request, reader Reader) ([]byte, error) {
	p, err := parseParams(r.URL.RawQuery, countParameters, h.now())
	if err != nil {
		return nil, err
	}
	limit, err := p.limit(maxCount, maxCount)
	if err != nil {
		return nil, err
	}
	n, err := reader.Count(r.Context(), p.filter, limit+1)
	if err != nil {
		return nil, err
	}
	return json.Marshal(count{min(n, limit), n > limit})
}

// A facet is the answer to GET /v1/facets.
type facet struct {
	Values []facetValue `json:"values"`
	Events int          `json:"events"` // that were looked at
	Capped bool         `json:"capped"` // there are more
}

type facetValue struct {
	Value  string `json:"value"`
	Events int    `json:"events"`
}

func (h *handler) facet(r *http.Request, reader Reader) ([]byte, error) {
	p, err := parseParams(r.URL.RawQuery, facetParameters, h.now())
	if err != nil {
		return nil, err
	}
	limit, err := p.limit(store.DefaultFacet, store.MaxFacet)
	if err != nil {
		return nil, err
	}
	q := store.FacetQuery{Filter: p.filter, Key: query.Key(p.values["key"]), Limit: limit}
	if q.Check() != nil {
		return nil, &Error{Message: "key must be a key of the query language other than those of time, as in key=actor", Parameter: "key"}
	}
	f, err := reader.Facet(r.Context(), q)
	if err != nil {
		return nil, err
	}
	answer := facet{Values: []facetValue{}, Events: f.Events, Capped: f.Capped}
	for _, v := range f.Values {
		answer.Values = append(answer.Values, facetValue(v))
	}
	return json.Marshal(answer)
}
