package engine

import "github.com/activitylog-go/activitylog"

// Claimed is the type of an actor that a credential names which the handler
// checks: nobody knows whether it is good until the request has ended. No
// event has it.
const Claimed activitylog.ActorType = "claimed"

// settle decides on an actor that is only claimed. Where the request was
// denied, the name is that of an attempt: a sentence with it would accuse
// whoever it belongs to.
func settle(event *activitylog.Event) {
	switch {
	case event.Actor.Type != Claimed:
	case event.Outcome == activitylog.Denied:
		event.Attributes.Set("actor.tried", event.Actor.ID)
		event.Actor = activitylog.Actor{}
	default:
		event.Actor.Type = activitylog.User
	}
}
