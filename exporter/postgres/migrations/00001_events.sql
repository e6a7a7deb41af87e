-- +goose Up

-- Of two programs that create the schema at once, one waits here.
SELECT pg_advisory_xact_lock(hashtext('activitylog.migrate'));

-- The order in which events arrive.
CREATE SEQUENCE activitylog.positions AS bigint MINVALUE 0 START 0;

-- One row per event. time and observed are nanoseconds since 1970, UTC. Texts
-- compare by their bytes. id is a UUID, version 7: it begins with milliseconds,
-- so that a month of events is a range of ids and a partition, and the key is
-- unique over all of them. What has always the same length stands first, so that
-- a row needs no padding. pos, ingested and erased are the store's own.
CREATE TABLE activitylog.events (
	id         uuid    NOT NULL,
	time       bigint  NOT NULL,
	pos        bigint  NOT NULL DEFAULT nextval('activitylog.positions'), -- with holes
	ingested   timestamptz NOT NULL DEFAULT now(),
	seq        bigint  NOT NULL, -- 64 bits without a sign
	status     integer NOT NULL,
	truncated  boolean NOT NULL,
	observed   bigint,
	tenant     text    NOT NULL COLLATE "C",
	code       text    NOT NULL COLLATE "C",
	outcome    text    NOT NULL COLLATE "C",
	error_type text    NOT NULL COLLATE "C",
	actor      text    NOT NULL COLLATE "C",
	actor_type text    NOT NULL COLLATE "C",
	behalf     text    NOT NULL COLLATE "C",
	targets    text    COLLATE "C", -- JSON of types and ids, NULL for none
	changes    text    COLLATE "C", -- JSON of paths, NULL for none
	request    text    NOT NULL COLLATE "C",
	method     text    NOT NULL COLLATE "C",
	route      text    NOT NULL COLLATE "C",
	trace      text    NOT NULL COLLATE "C",
	span       text    NOT NULL COLLATE "C",
	service    text    NOT NULL COLLATE "C",
	stream     text    NOT NULL COLLATE "C",

	-- What says who a person is, beside the salt of the commitment to it. An
	-- erasure makes these NULL, sets erased and leaves all else as it was. The
	-- texts that are JSON are the exact bytes of a deterministic encoding.
	salt           text COLLATE "C",
	actor_name     text COLLATE "C",
	actor_email    text COLLATE "C",
	behalf_name    text COLLATE "C",
	client_address text COLLATE "C",
	peer_address   text COLLATE "C",
	user_agent     text COLLATE "C",
	session        text COLLATE "C",
	path           text COLLATE "C",
	summary        text COLLATE "C",
	reason         text COLLATE "C",
	attributes     text COLLATE "C", -- JSON, NULL for none
	target_names   text COLLATE "C", -- JSON, in the order of targets
	change_values  text COLLATE "C", -- JSON, in the order of changes
	erased         timestamptz,

	PRIMARY KEY (id)
) PARTITION BY RANGE (id);

-- The order of List. What a query asks for is found in the blocks instead.
CREATE INDEX events_time ON activitylog.events (time, id);
CREATE INDEX events_pos ON activitylog.events (pos);

-- Events whose ids say that they are of no month for which there is a partition.
CREATE TABLE activitylog.events_default PARTITION OF activitylog.events DEFAULT;

-- The values of the fields that have few, so that a pattern can be made into
-- the values that fit.
CREATE TABLE activitylog.names (
	key   text  NOT NULL COLLATE "C", -- of the query language
	hash  bytea NOT NULL,             -- SHA-256 of value, which may be too long for an index
	value text  NOT NULL COLLATE "C",
	PRIMARY KEY (key, hash)
);

-- A chunk is the events with 4096 successive pos, when none can come any more
-- and they have been indexed.
CREATE TABLE activitylog.chunks (
	chunk    bigint PRIMARY KEY, -- pos / 4096
	oldest   bigint NOT NULL,    -- the least time in it
	newest   bigint NOT NULL,
	least    uuid   NOT NULL,    -- the least id in it
	greatest uuid   NOT NULL
);

-- Which events of a chunk have which terms.
CREATE TABLE activitylog.blocks (
	chunk bigint   NOT NULL,
	part  smallint NOT NULL,
	data  bytea    NOT NULL,
	PRIMARY KEY (chunk, part)
);
ALTER TABLE activitylog.blocks ALTER data SET STORAGE EXTERNAL;

-- What was sent and is not among the events, each once.
CREATE TABLE activitylog.quarantine (
	pos    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	hash   bytea       NOT NULL UNIQUE, -- SHA-256 of event and salt, or of raw
	time   timestamptz NOT NULL DEFAULT now(),
	reason text        NOT NULL,
	event  text COLLATE "C", -- JSON
	salt   text COLLATE "C",
	raw    bytea
);

CREATE TABLE activitylog.holds (
	name   text        PRIMARY KEY COLLATE "C",
	filter text        NOT NULL, -- in the query language
	since  timestamptz NOT NULL DEFAULT now(),
	by     text        NOT NULL,
	reason text        NOT NULL
);

-- What was done to the log, and on whose authority.
CREATE TABLE activitylog.deeds (
	pos    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	time   timestamptz NOT NULL DEFAULT now(),
	kind   text        NOT NULL,
	what   text        NOT NULL,
	events bigint      NOT NULL DEFAULT 0,
	by     text        NOT NULL,
	reason text        NOT NULL
);
