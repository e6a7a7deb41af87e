-- +goose Up

-- 'alog': what tells this file from another application's database.
PRAGMA application_id = 0x616c6f67;

-- Texts that many events share, so that a row holds small numbers in their
-- place. Kinds: see names.go.
CREATE TABLE names (
	ref  INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL,
	text TEXT    NOT NULL,
	UNIQUE (kind, text)
) STRICT;

-- One row per event. Times are nanoseconds since 1970, UTC. A number without
-- another meaning is a ref.
CREATE TABLE events (
	pos        INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which events were added, never used again
	id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
	time       INTEGER NOT NULL,
	observed   INTEGER,
	ingested   INTEGER NOT NULL,
	erased     INTEGER, -- when the personal part was removed, else NULL
	tenant     INTEGER NOT NULL,
	code       INTEGER NOT NULL,
	outcome    INTEGER NOT NULL,
	error_type INTEGER NOT NULL,
	actor      TEXT    NOT NULL,
	actor_type INTEGER NOT NULL,
	behalf     TEXT    NOT NULL,
	targets    TEXT, -- JSON of types and ids, NULL for none
	changes    TEXT, -- JSON of paths and marks, NULL for none
	request    TEXT    NOT NULL,
	method     INTEGER NOT NULL,
	route      INTEGER NOT NULL,
	status     INTEGER NOT NULL,
	trace      TEXT    NOT NULL,
	span       TEXT    NOT NULL,
	service    INTEGER NOT NULL,
	truncated  INTEGER NOT NULL,
	stream     INTEGER NOT NULL,
	seq        INTEGER NOT NULL,

	-- What says who a person is and what may, beside the salt of the commitment
	-- to it. An erasure makes these NULL and leaves all else as it was. JSON is
	-- in the exact bytes of a deterministic encoding.
	salt           TEXT,
	actor_name     TEXT,
	actor_email    TEXT,
	behalf_name    TEXT,
	client_address TEXT,
	peer_address   TEXT,
	user_agent     INTEGER,
	session        TEXT,
	path           TEXT,
	summary        TEXT,
	reason         TEXT,
	target_names   TEXT, -- JSON, in the order of targets; NULL for none
	change_values  TEXT, -- JSON, in the order of changes; NULL for none
	attributes     TEXT  -- JSON; NULL for none
) STRICT;

-- The order of List. What a query asks for is found in the blocks instead.
CREATE INDEX events_time ON events (time, id);

-- A chunk is 4096 places of events, by pos, that have been indexed. Events that
-- were pruned leave their places empty; a chunk without events goes.
CREATE TABLE chunks (
	chunk    INTEGER PRIMARY KEY, -- pos / 4096
	oldest   INTEGER NOT NULL,    -- the least time in it
	newest   INTEGER NOT NULL,
	ingested INTEGER NOT NULL,    -- when the first of its events was added
	events   INTEGER NOT NULL     -- their number
) STRICT;

-- Which events of a chunk have which terms: see package posting.
CREATE TABLE blocks (
	block INTEGER PRIMARY KEY, -- chunk * 256 + part
	data  BLOB NOT NULL
) STRICT;

-- A volume is 64 chunks that are all indexed. Part by part, what their blocks say
-- is moved into blocks of the volume, so that a search reads one where it read 64.
CREATE TABLE volumes (
	volume INTEGER PRIMARY KEY, -- chunk / 64
	parts  INTEGER NOT NULL,    -- the parts below this one were moved
	stale  INTEGER NOT NULL     -- how often events were pruned of which blocks of the volume still know
) STRICT;

CREATE TABLE volume_blocks (
	block INTEGER PRIMARY KEY, -- (volume * 256 + part) * 64 + sub
	data  BLOB NOT NULL
) STRICT;

-- What was sent and is not among the events, each once.
CREATE TABLE quarantine (
	pos    INTEGER PRIMARY KEY AUTOINCREMENT,
	id     TEXT    NOT NULL UNIQUE, -- see store.ConflictID and store.RecordID
	time   INTEGER NOT NULL,
	reason TEXT    NOT NULL,
	event  TEXT, -- JSON
	salt   TEXT,
	raw    BLOB
) STRICT;

-- What must be neither pruned nor erased.
CREATE TABLE holds (
	name   TEXT PRIMARY KEY,
	filter TEXT    NOT NULL, -- in the query language
	since  INTEGER NOT NULL,
	by     TEXT    NOT NULL,
	reason TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- What was done to the log, in that order.
CREATE TABLE deeds (
	pos    INTEGER PRIMARY KEY AUTOINCREMENT,
	time   INTEGER NOT NULL,
	kind   TEXT    NOT NULL,
	what   TEXT    NOT NULL,
	events INTEGER NOT NULL,
	by     TEXT    NOT NULL,
	reason TEXT    NOT NULL
) STRICT;
