package grpcactivity_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/grpcactivity"
)

const rules = `routes:
  POST /acme.v1.MemberService/UpdateMember:
    cases:
      - {when: {request: {/status: inactive}}, code: org.member:deactivated}
      - {code: org.member:updated}
    tenant: request./org
    target: {type: member, id: response./id, name: request./name}
    changes: {from: request, track: [/status, /token], secret: [/token]}
  POST /acme.v1.MemberService/ImportMembers:
    cases:
      - {when: {request: {/status: inactive}}, code: org.member:deactivated}
      - {code: org.member:imported}
  POST /acme.v1.MemberService/PayMembers:
    each: request./payouts
    code: payout:processed
    target: {type: payout, id: item./id}
`

// TestMessages looks at what events know of messages.
func TestMessages(t *testing.T) {
	a := api{
		unary: map[string]unary{
			"UpdateMember": func(_ context.Context, req *structpb.Struct) (*structpb.Struct, error) {
				req.Fields["status"] = structpb.NewStringValue("changed by the handler")
				return structpb.NewStruct(map[string]any{"id": "usr_bob"})
			},
			"PayMembers": nothing,
		},
		streamed: endings[0].api().streamed,
	}
	rec := new(activitylogtest.Recorder)
	conn, _ := serve(t, a.register, interceptors(parse(t, rules), middleware.WithLoggerProvider(rec))...)
	update := func(message map[string]any) []activitylog.Event {
		t.Helper()
		rec.Reset()
		if _, err := call(bound(t), conn, service+"UpdateMember", message); err != nil {
			t.Fatal(err)
		}
		return rec.Events()
	}

	update(map[string]any{"org": "acme", "name": "Bob Ito", "status": "inactive", "token": "tok_1"})
	activitylogtest.Expect(t, rec,
		activitylogtest.Code("org.member:deactivated"),
		activitylogtest.Tenant("acme"),
		activitylogtest.Target("member", "usr_bob"),
		activitylogtest.Changed("/status", nil, "inactive"),
		activitylogtest.Redacted("/token"))
	if e := only(t, rec); e.Target().Name != "Bob Ito" || len(e.Changes) != 2 {
		t.Errorf("event is %+v", e)
	}

	update(map[string]any{"status": "inactive", "note": strings.Repeat("x", 70_000)})
	activitylogtest.Expect(t, rec,
		activitylogtest.Code("org.member:updated"),
		activitylogtest.Attr("unread.request", "it is longer than 64 KiB"),
		activitylogtest.Target("member", "usr_bob"))

	update(map[string]any{"status": "inactive", "note": strings.Repeat("\n", 40_000)}) // "\n" in JSON takes two bytes
	activitylogtest.Expect(t, rec,
		activitylogtest.Code("org.member:updated"),
		activitylogtest.Attr("unread.request", "it is longer than 64 KiB"))

	rec.Reset()
	streamAnswer(t, conn)
	activitylogtest.Expect(t, rec,
		activitylogtest.Code("org.member:imported"),
		activitylogtest.Attr("unread.request", "it is a stream"))

	rec.Reset()
	payouts := []any{map[string]any{"id": "po_1"}, map[string]any{"id": "po_2"}}
	if _, err := call(bound(t), conn, service+"PayMembers", map[string]any{"payouts": payouts}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"po_1", "po_2"} {
		activitylogtest.Expect(t, rec, activitylogtest.Code("payout:processed"), activitylogtest.Target("payout", id))
	}
}

// A foreign type says that it is a message and is none.
type foreign struct{}

func (foreign) ProtoReflect() protoreflect.Message { panic("none") }

// TestUnreadableMessages calls the interceptor as a server with a codec of its
// own does, with what protobuf did not make.
func TestUnreadableMessages(t *testing.T) {
	for _, tt := range []struct {
		name    string
		message any
		problem string
	}{
		{"text", "{}", "it is no protobuf message"},
		{"nothing", nil, "it is no protobuf message"},
		{"panics", foreign{}, "it cannot be written as JSON"},
		{"unknown type within", &anypb.Any{TypeUrl: "x/y.Z", Value: []byte("1")}, "it cannot be written as JSON"},
		{"long on the wire, short as JSON", &descriptorpb.SourceCodeInfo_Location{Path: slices.Repeat([]int32{-1}, 10_000)}, "it is longer than 64 KiB"},
		{"nil message", (*structpb.Struct)(nil), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			activity := grpcactivity.New(parse(t, rules), middleware.WithLoggerProvider(rec))
			called := false
			_, err := activity.Unary(t.Context(), tt.message, &grpc.UnaryServerInfo{FullMethod: service + "UpdateMember"}, func(context.Context, any) (any, error) {
				called = true
				return tt.message, nil
			})
			if !called || err != nil {
				t.Fatalf("called %v, %v", called, err)
			}
			e := only(t, rec)
			for _, name := range []string{"unread.request", "unread.response"} {
				if got, ok := e.Attributes.Get(name); got.AsString() != tt.problem || ok != (tt.problem != "") {
					t.Errorf("%s is %q, want %q", name, got.AsString(), tt.problem)
				}
			}
		})
	}
}

// TestResponseOfAnError has handlers that return an error, and something else
// that the client never gets.
func TestResponseOfAnError(t *testing.T) {
	for _, resp := range []any{nil, structpb.NewStringValue("x"), &structpb.Struct{Fields: map[string]*structpb.Value{"id": structpb.NewStringValue("usr_bob")}}} {
		rec := new(activitylogtest.Recorder)
		activity := grpcactivity.New(parse(t, rules), middleware.WithLoggerProvider(rec))
		activity.Unary(t.Context(), new(structpb.Struct), &grpc.UnaryServerInfo{FullMethod: service + "UpdateMember"}, func(context.Context, any) (any, error) {
			return resp, errors.New("oh")
		})
		if e := only(t, rec); e.Target().ID != "" || len(e.Attributes) > 0 {
			t.Errorf("%v: event has target %q and says %v", resp, e.Target().ID, e.Attributes)
		}
	}
}
