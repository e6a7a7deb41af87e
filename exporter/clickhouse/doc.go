// Package clickhouse keeps events in ClickHouse, 26 or newer, over the native
// protocol: for hundreds of millions of events and more, on one server or a
// cluster. Several processes may write at once: Collectors, command line.
//
// # What a row is
//
// One table, one row an event, about 110 bytes of it on the disk for an event
// of 1 KB. It is sorted by tenant and time: a page of one tenant is read from
// one place, and what a tenant does not ask for is not read. Over all tenants
// [Store.List] looks at the newest hour, day and month before it looks at all;
// the least and greatest time of each 1024 rows tell what to leave out. Filters
// of ids, addresses and targets have Bloom filters; all others read one narrow
// column. Pages are found by narrow columns and their rows read by place.
//
// Partitions are months of arrival, not of the events' own time, which the
// clock of an application says: a batch is one part of one partition, which the
// server adds as a whole or not at all, and a clock that is wrong by years
// makes no partitions.
//
// # Each event once
//
// ClickHouse has neither unique keys nor transactions. So
//
//   - Append first looks for the ids of its batch, with the least and greatest
//     id of each 1024 rows, which UUIDs of version 7 make small work of: new
//     ones are greater than all that is there. An event that is there is a
//     duplicate or, if it differs, a conflict, and is not inserted.
//     Of ids that are not in the order of time, as those are that the exporter
//     makes for senders without any, each Append reads the id of every event.
//   - Two Appends of one process that share an id come one after the other.
//   - What is inserted has a token made of its content. A server that is still
//     busy with a batch when it is sent again, because the connection was lost,
//     adds it once. The server remembers the last 1000 inserts. Killed at the
//     wrong moment it remembers one that it does not have: what is not there
//     when Append looks again is inserted anew.
//   - Two processes that add the same event at once, in batches cut
//     differently, add two rows. ReplacingMergeTree makes one of them when it
//     merges; until then each question counts them as one.
//   - Two processes that add different events with one id at once do not
//     overwrite each other: a checksum of the content is part of the sort key.
//     Having inserted, each looks again. The one that the server took first
//     stays, the other is put in quarantine and removed before its sender is
//     told that it was stored. In between, for some milliseconds, both are
//     seen. If the process dies in between, both are seen until the sender
//     sends the event again, as it must.
//
// The second look goes back a minute: an insert that takes the server longer
// than that to finish may be missed by it. Where tables are replicated, a look
// may ask a replica that is behind; with select_sequential_consistency=1 and
// insert_quorum_parallel=0 in the DSN it does not.
//
// # Durable
//
// A part is fsynced before Append returns (fsync_after_insert, which is off in
// ClickHouse unless one asks) and in a cluster on most replicas
// (insert_quorum=auto). That costs a batch of 1000 events a fifth of its speed
// and a large one nothing to speak of. Batches should be large: each is a part
// that the server has to merge.
//
// # Removing
//
// Nothing is done without a deed, which is written first, there being no
// transaction over both. Prune hides events at once and frees the disk when the
// server next merges; Erase has the parts written anew that hold what it
// removes, which takes as long as that takes, and is done when it returns. A
// hold binds what is begun after it. The parameter ttl of the DSN lets the
// server itself remove events when their time is over; it knows nothing of
// holds, so it does not while there is one.
//
// # A cluster
//
// With the parameter cluster of the DSN, the tables are made ON CLUSTER:
// NAME_local on each server, Replicated, and NAME over all shards. Events are
// spread by their ids, so that all of one id are on one shard. An Append that
// reaches one shard and not another is an error; sent again, it adds what is
// missing.
package clickhouse
