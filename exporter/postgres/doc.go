// Package postgres keeps events in a PostgreSQL database (tried with version
// 15): durable, for as many exporters at once as there are. It needs no session
// state, so that pgbouncer may stand before it in transaction mode, and a DSN may
// name several hosts, of which the one that takes writes is used after a
// fail-over too.
//
// # How events are added
//
// A month of events is a partition: ids are UUIDs, version 7, which begin with
// milliseconds, so that the key is unique over all months and a month can be
// dropped. Partitions are made three months ahead, and when an event of another
// month comes; ids that are of no month that there can be go to the default one.
//
// [Store.Append] copies rows straight into their partition with COPY, in one
// statement where it can. Staging them in a table beside it, to insert them with
// ON CONFLICT DO NOTHING, writes each row twice for the sake of events that are
// sent twice: they are few. So it is the other way round. The
// primary key refuses a batch of which an event is there already; then, and only
// then, what is stored is read and compared, and the rest is copied. Rows are
// copied in the order of their ids, so that no two transactions wait for one
// another in a circle. COPY into a table with row-level security is refused,
// another reason to copy into the partitions, which no reader may see.
//
// # How a page is found
//
// An index per filter is what makes such a table slow: their entries come in no
// order. Measured, 2,000 rows a transaction into a table of two million, inside
// of the server: 130,000 to 170,000 rows a second with the key, (time, id) and
// pos, 21,000 to 30,000 with one GIN index on the hashes of all terms besides,
// which also took 177 bytes a row. (The rows of the former had no hashes, so that
// a little of the difference is theirs.)
//
// So there is, as in package sqlite, one index that orders, (time, id), and one
// structure that finds, for all keys of the query language: the blocks. For each
// chunk of 4096 events, by their order of arrival, they say which of them have
// which terms, sorted and packed, in up to 256 rows that are written once: 46
// bytes an event. A page is looked for along (time, id) first, for 1,000 events,
// then in the blocks, chunk by chunk from the newest. What they find is compared
// with the whole filter in SQL. Events that are in no chunk yet are compared one
// by one.
//
// Chunks are made in the background, by one exporter at a time, and nothing
// depends on when: an exporter remembers the terms of what it has added itself
// and reads those of others. Transactions commit in another order than they
// draw positions, so a chunk is made only when all transactions have ended that
// had a lock on a partition when its last position was drawn. Such a lock is
// what COPY takes before it draws one, so that nobody has to wait for anybody.
//
// What no index answers: patterns on ids and addresses (actor:usr_*) walk through
// all events within the bounds of time, a microsecond or less each. Patterns on
// codes, tenants, outcomes and the like are made into the names that fit.
//
// # Who may do what
//
// Nobody changes an event. The role activitylog_writer may add and read;
// activitylog_reader may read; activitylog_tenant sees the tenants that the
// table scopes has for it; activitylog_custodian prunes, holds and erases, by
// functions that leave a deed in the same transaction. A trigger keeps the owner
// of the tables from changing them by mistake. A reader whose DSN has
// activitylog.tenant=NAME is narrowed to that tenant by a policy, whatever it is
// asked: the second net below the scope that the API puts around each query.
//
// The blocks are of all tenants together. They have hashes and no texts, but who
// may read them with statements of his own can find out whether a term that he
// guesses occurs, and how often: so a role of activitylog_tenant is for a program
// that reads the log for a tenant, not for the tenant's own hands.
//
// [Open] makes the schema, as a role that may create one. Where only a database's
// administrator may, [Schema] is what he runs and [OpenExisting] what the
// exporter does then.
//
// # What a row is
//
// Times are nanoseconds in 64 bits. Targets, changes and attributes are text, the
// exact bytes of their encoding, so that what is hashed is what is stored. What
// says who a person is stands in columns of its own beside the salt: the names
// of targets and the values of changes are apart from their ids and paths. All
// texts compare by their bytes.
package postgres
