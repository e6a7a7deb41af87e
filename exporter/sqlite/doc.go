// Package sqlite keeps events in a SQLite file: pure Go, nothing to install,
// durable (WAL, synchronous FULL: a commit that was acknowledged survives the
// loss of power), for millions of events on one machine. Several processes may
// have the file open at once: Collector, viewer and command line.
//
// # How a page is found
//
// A conventional index per filter is out of the question. Actors, targets,
// sessions, requests and traces come in no order, so that each event dirties
// a page of its own in each of those indexes. Measured with a bare loop on two
// busy cores, 300,000 rows in the file and commits of 1,000, rows a second:
// about 70,000 with no index but that of the id, as many with (time, id), 29,000
// with (tenant, time, id) and (code, time, id) as well, 11,000 with five, 4,400
// with nine, which also doubled the size of the file.
//
// So there is one index that orders, (time, id), and one structure that finds,
// for all keys of the query language: the blocks. After each 4096 events, a
// chunk, the transaction that adds the last of them writes which events have
// which terms (a key with one value, as a hash), sorted and packed, as up to
// 256 blobs behind the blobs of the chunk before. That is an inverted index
// that is only ever appended to: about 50 bytes and one or two microseconds an
// event, whatever the size of the file.
//
// What is rare would be looked up in each chunk. So when 64 chunks are closed,
// they become a volume: their blocks are merged into blocks that are split 64
// times finer, each about as long as one of a chunk, and a search reads one where
// it read 64. That too is done a little at a time, by the commits that close the
// chunks of the next volume.
//
// [Store.List] walks along (time, id) for 1,000 events and compares each. A
// filter that holds for many of them has its page by then. For any other it
// asks the blocks, chunk by chunk from the newest, makes the intersection of
// the terms, and reads only events that have them; events behind the last
// chunk it compares one by one. What the blocks find is always compared with
// the whole filter in SQL, so that a collision of hashes costs a read and no
// more. Events that arrive late lie in a late chunk: chunks know their oldest
// and newest time, and the search ends when no chunk that is left can have an
// event that belongs on the page.
//
// [Store.Count], [Store.Facet] and [Store.Histogram] ask the blocks at once and
// count what the filter holds for; a histogram of all events reads only chunks
// that do not lie within one of its parts.
//
// What no index answers: patterns on ids and addresses (actor:usr_*) walk
// through all events within the bounds of time. Patterns on codes, tenants,
// outcomes and the like are made into the names that fit.
//
// # What a row is
//
// Texts that many events share (codes, tenants, routes, user agents) are in a
// dictionary and their place in the row is taken by a small number. Rows are
// in a table with a rowid: they are appended in the order of arrival, whatever
// their time, and the blocks name them by their place. Times are nanoseconds
// in 64 bits. Attributes and changes are the exact bytes of their encoding, so
// that what is hashed is what is stored. What says who a person is stands in
// columns of its own beside the salt.
//
// # What goes
//
// [Store.Prune] removes the events of one chunk in a transaction, with what the
// blocks know of them, and lets others write before the next one; then it goes
// through the blocks of the volumes concerned, once. A chunk that
// is empty goes; places are never used again, the room in the file is.
// [Store.Erase] makes the personal columns NULL and takes the hashes of address
// and session out of the blocks: there are few enough addresses to try them all.
// SQLite overwrites what it removes (secure_delete), and the log beside the file
// is emptied as soon as nobody reads from it. One thing stays: the text of a
// user agent, among the names, without a trace of who used it.
package sqlite
