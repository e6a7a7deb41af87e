// Package capture keeps a copy of a JSON body while it passes between client
// and handler.
//
// Nothing is read that the handler does not read, and nothing is held back: a
// [Request] sees what the handler has read, a [Response] what it has written.
// Whether a copy is wanted at all is asked when the first byte passes, because
// the rule of a request may be known no sooner. Of a copy that is too long
// nothing is kept, and nothing of any copy once it is released.
package capture
