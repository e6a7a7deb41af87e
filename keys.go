package activitylog

// Schema is the version of the wire format that this package writes.
const Schema = 1

// ScopeName is the instrumentation scope of the records that this project emits.
const ScopeName = "github.com/activitylog-go/activitylog"

// The attribute keys of the wire format, version 1. Those outside of
// "activitylog." are OpenTelemetry's semantic conventions, v1.43.0.
const (
	KeyID        = "log.record.uid"
	KeyEventName = "event.name" // the code again: some backends drop EventName
	KeySchema    = "activitylog.schema"

	KeyTenantID = "activitylog.tenant.id"

	KeyActorID        = "activitylog.actor.id"
	KeyActorType      = "activitylog.actor.type"
	KeyActorName      = "activitylog.actor.name"
	KeyActorEmail     = "activitylog.actor.email"
	KeyOnBehalfOfID   = "activitylog.actor.on_behalf_of.id"
	KeyOnBehalfOfName = "activitylog.actor.on_behalf_of.name"
	KeyUserID         = "user.id" // the actor's id again when the type is user

	KeyTargetType = "activitylog.target.type"
	KeyTargetID   = "activitylog.target.id"
	KeyTargetName = "activitylog.target.name"
	KeyTargets    = "activitylog.targets" // JSON, only when there are several

	KeyOutcome   = "activitylog.outcome"
	KeyReason    = "activitylog.reason"
	KeyErrorType = "error.type"
	KeyChanges   = "activitylog.changes" // JSON

	KeyMethod = "http.request.method"
	KeyRoute  = "http.route"
	KeyPath   = "url.path"
	KeyStatus = "http.response.status_code"

	KeyClientAddress = "client.address"
	KeyPeerAddress   = "network.peer.address"
	KeyUserAgent     = "user_agent.original"
	KeySessionID     = "session.id"
	KeyRequestID     = "activitylog.request.id"

	KeyStream    = "activitylog.stream"
	KeySeq       = "activitylog.seq"
	KeySalt      = "activitylog.salt"
	KeyTruncated = "activitylog.truncated"

	// KeyAttrPrefix precedes the names of what the application adds.
	KeyAttrPrefix = "activitylog.attr."
)
