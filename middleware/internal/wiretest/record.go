package wiretest

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"

	"github.com/activitylog-go/activitylog"
)

// Checked returns a provider that hands on what it gets and reports each
// record that is none which every backend takes, or that comes with a context
// by which a client can stop it.
func Checked(next log.LoggerProvider, report func(problem string)) log.LoggerProvider {
	return provider{next, report}
}

type provider struct {
	log.LoggerProvider
	report func(string)
}

func (p provider) Logger(name string, opts ...log.LoggerOption) log.Logger {
	return logger{p.LoggerProvider.Logger(name, opts...), p.report}
}

type logger struct {
	log.Logger
	report func(string)
}

func (l logger) Emit(ctx context.Context, r log.Record) {
	if err := ctx.Err(); err != nil {
		l.report(fmt.Sprintf("the record's context has ended: %v", err))
	}
	size := 0
	check := func(s string) {
		size += len(s)
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			l.report(fmt.Sprintf("the record holds %.100q", s))
		}
	}
	check(r.EventName())
	check(r.Body().AsString())
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		check(string(kv.Key))
		check(kv.Value.AsString())
		return true
	})
	if size > 2*activitylog.MaxEvent {
		l.report(fmt.Sprintf("the record is %d bytes", size))
	}
	l.Logger.Emit(ctx, r)
}
