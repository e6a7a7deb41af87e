// Package day plays a day of two organisations against the payments API: Acme
// Payments, which has been there for a while, and Nordwind Handel, which opens
// its account. People log in, mistype, ask for what they may not have; a
// program works at night; support helps; a stranger tries the door.
//
// The story is data, see [Story]. It begins 20 hours before now, whatever the
// hour; its people live in several time zones.
package day
