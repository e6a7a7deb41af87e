package payments

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
)

// A problem is an answer that says what went wrong (RFC 9457).
type problem struct {
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail"`
	Errors fieldsErrors `json:"errors,omitempty"`
}

// fieldsErrors says of each field what is wrong with it.
type fieldsErrors []fieldError

type fieldError struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func (e fieldsErrors) Error() string {
	var s []string
	for _, f := range e {
		s = append(s, f.Field+" "+f.Detail)
	}
	return strings.Join(s, ", ")
}

// check adds an error unless ok.
func (e *fieldsErrors) check(ok bool, field, format string, args ...any) {
	if !ok {
		*e = append(*e, fieldError{field, fmt.Sprintf(format, args...)})
	}
}

// oneOf adds an error unless value is one of the allowed.
func (e *fieldsErrors) oneOf(field, value string, allowed ...string) {
	e.check(slices.Contains(allowed, value), field, "must be one of %s", strings.Join(allowed, ", "))
}

// A refusal is an error that knows its status.
type refusal struct {
	status int
	detail string
}

func (r refusal) Error() string { return r.detail }

func refuse(status int, format string, args ...any) error {
	return refusal{status, fmt.Sprintf(format, args...)}
}

// fail answers with err as a problem and ends the request. The detail is also
// the reason in the activity log: who asks why gets one answer everywhere.
func fail(c *gin.Context, err error) {
	p := problemOf(err)
	event(c).SetReason(p.Detail)
	c.Header("Content-Type", "application/problem+json")
	c.AbortWithStatusJSON(p.Status, p)
}

func problemOf(err error) problem {
	p := problem{Status: http.StatusInternalServerError, Detail: err.Error()}
	var r refusal
	switch {
	case errors.As(err, &r):
		p.Status = r.status
	case errors.As(err, &p.Errors):
		p.Status = http.StatusUnprocessableEntity
	case errors.Is(err, errAbsent):
		p.Status = http.StatusNotFound
	case errors.Is(err, errTaken):
		p.Status = http.StatusConflict
	}
	p.Title = http.StatusText(p.Status)
	return p
}

// event returns the event that the request will be in the activity log.
func event(c *gin.Context) *activitylog.Draft {
	return activitylog.From(c.Request.Context())
}
