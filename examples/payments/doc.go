// Package payments is an example: the API of a payments organisation, with
// its members, API keys, accounts, routes, schemes, payments and payouts, all
// in memory. Its activity log has every code of the shipped catalogue.
//
// What an application does for its activity log is in three places:
//
//   - [New] puts the middleware in front of the routes, once;
//   - activity.yaml says of the routes what cannot be inferred;
//   - authentication says who the actor is, and a handler that knows more than
//     its route (a name, a change, a reason) says so: see the calls of event.
//
// Package day plays a day of two organisations against it.
package payments
