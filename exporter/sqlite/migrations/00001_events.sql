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
	tenant     INTEGER NOT NULL,
	code       INTEGER NOT NULL,
	outcome    INTEGER NOT NULL,
	reason     TEXT    NOT NULL,
	error_type INTEGER NOT NULL,
	actor      TEXT    NOT NULL,
	actor_type INTEGER NOT NULL,
	behalf     TEXT    NOT NULL,
	targets    TEXT, -- JSON, NULL for none
	changes    TEXT, -- JSON, NULL for none
	session    TEXT    NOT NULL,
	request    TEXT    NOT NULL,
	method     INTEGER NOT NULL,
	route      INTEGER NOT NULL,
	path       TEXT    NOT NULL,
	status     INTEGER NOT NULL,
	trace      TEXT    NOT NULL,
	span       TEXT    NOT NULL,
	service    INTEGER NOT NULL,
	attributes TEXT, -- JSON, the exact bytes of the deterministic encoding; NULL for none
	truncated  INTEGER NOT NULL,
	stream     INTEGER NOT NULL,
	seq        INTEGER NOT NULL,

	-- What says who a person is, beside the salt of the commitment to it. An
	-- erasure makes these NULL and leaves all else as it was.
	salt           TEXT,
	actor_name     TEXT,
	actor_email    TEXT,
	behalf_name    TEXT,
	client_address TEXT,
	peer_address   TEXT,
	user_agent     INTEGER,
	summary        TEXT
) STRICT;

-- The order of List. What a query asks for is found in the blocks instead.
CREATE INDEX events_time ON events (time, id);

-- A chunk is 4096 events, by pos, that have been indexed.
CREATE TABLE chunks (
	chunk  INTEGER PRIMARY KEY, -- pos / 4096
	oldest INTEGER NOT NULL,    -- the least time in it
	newest INTEGER NOT NULL
) STRICT;

-- Which events of a chunk have which terms: see block.go.
CREATE TABLE blocks (
	block INTEGER PRIMARY KEY, -- chunk * 256 + part
	data  BLOB NOT NULL
) STRICT;

-- What was sent and is not among the events, each once.
CREATE TABLE quarantine (
	pos    INTEGER PRIMARY KEY,
	hash   BLOB    NOT NULL UNIQUE, -- SHA-256 of event and salt, or of raw
	time   INTEGER NOT NULL,
	reason TEXT    NOT NULL,
	event  TEXT, -- JSON
	salt   TEXT,
	raw    BLOB
) STRICT;
