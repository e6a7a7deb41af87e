CREATE TABLE IF NOT EXISTS schema_version_local ON CLUSTER main (
	version UInt32,
	time    DateTime DEFAULT now()
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS schema_version ON CLUSTER main AS activity.schema_version_local
ENGINE = Distributed(main, activity, schema_version_local, version);

CREATE TABLE IF NOT EXISTS events_local ON CLUSTER main (
	id       FixedString(16),
	time     Int64 CODEC(Delta, ZSTD(1)),
	observed Int64 CODEC(Delta, ZSTD(1)), -- the least Int64 for never
	ingested Int64 DEFAULT toUnixTimestamp64Nano(now64(9)),
	erased   Int64 DEFAULT 0,             -- 0 for not erased
	first    UInt64 MATERIALIZED bitNot(toUInt64(ingested)), -- greatest for the row that came first
	content  UInt16,                      -- two events of one id that differ are two rows

	tenant       LowCardinality(String),
	code         LowCardinality(String),
	outcome      LowCardinality(String),
	error_type   LowCardinality(String),
	actor        String CODEC(ZSTD(1)),
	actor_type   LowCardinality(String),
	behalf       String CODEC(ZSTD(1)),
	target_types Array(LowCardinality(String)),
	target_ids   Array(String) CODEC(ZSTD(1)),
	change_paths Array(LowCardinality(String)),
	change_flags Array(UInt8),            -- 1 redacted, 2 truncated
	request      String CODEC(ZSTD(1)),
	method       LowCardinality(String),
	route        LowCardinality(String),
	status       Int64 CODEC(T64, ZSTD(1)),
	trace        String CODEC(ZSTD(1)),
	span         String CODEC(ZSTD(1)),
	service      LowCardinality(String),
	truncated    Bool,
	stream       LowCardinality(String),
	seq          UInt64 CODEC(ZSTD(1)),

	-- What says who a person is, beside the salt of the commitment to it. An
	-- erasure empties these and leaves all else as it was.
	salt           String CODEC(ZSTD(1)),
	actor_name     String CODEC(ZSTD(1)),
	actor_email    String CODEC(ZSTD(1)),
	behalf_name    String CODEC(ZSTD(1)),
	client_address String CODEC(ZSTD(1)),
	peer_address   String CODEC(ZSTD(1)),
	user_agent     LowCardinality(String),
	session        String CODEC(ZSTD(1)),
	path           String CODEC(ZSTD(1)),
	summary        String CODEC(ZSTD(1)),
	reason         String CODEC(ZSTD(1)),
	attributes     String CODEC(ZSTD(1)), -- JSON, the exact bytes of the deterministic encoding; '' for none
	target_names   Array(String) CODEC(ZSTD(1)),
	change_olds    Array(String) CODEC(ZSTD(1)),
	change_news    Array(String) CODEC(ZSTD(1)),

	INDEX by_time time TYPE minmax GRANULARITY 1,
	INDEX by_id id TYPE minmax GRANULARITY 1,
	INDEX by_actor actor TYPE bloom_filter(0.01) GRANULARITY 8,
	INDEX by_target target_ids TYPE bloom_filter(0.01) GRANULARITY 8,
	INDEX by_request request TYPE bloom_filter(0.01) GRANULARITY 8,
	INDEX by_session session TYPE bloom_filter(0.01) GRANULARITY 8,
	INDEX by_trace trace TYPE bloom_filter(0.01) GRANULARITY 8,
	INDEX by_address client_address TYPE bloom_filter(0.01) GRANULARITY 8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', first)
PARTITION BY toYYYYMM(toDateTime(intDiv(ingested, 1000000000), 'UTC'))
PRIMARY KEY (tenant, time)
ORDER BY (tenant, time, id, content)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS events ON CLUSTER main AS activity.events_local
ENGINE = Distributed(main, activity, events_local, cityHash64(id));

CREATE TABLE IF NOT EXISTS quarantine_local ON CLUSTER main (
	id     FixedString(32), -- SHA-256
	time   Int64,
	reason String,
	event  String, -- JSON; '' for a record that is kept raw
	salt   String,
	raw    String,
	first  UInt64 MATERIALIZED bitNot(toUInt64(time))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', first)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS quarantine ON CLUSTER main AS activity.quarantine_local
ENGINE = Distributed(main, activity, quarantine_local, cityHash64(id));

CREATE TABLE IF NOT EXISTS holds_local ON CLUSTER main (
	name     String,
	filter   String,
	since    Int64,
	by       String,
	reason   String,
	released Bool,
	version  UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY name
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS holds ON CLUSTER main AS activity.holds_local
ENGINE = Distributed(main, activity, holds_local, cityHash64(name));

CREATE TABLE IF NOT EXISTS deeds_local ON CLUSTER main (
	time   Int64,
	kind   LowCardinality(String),
	what   String,
	events Int64,
	by     String,
	reason String
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY time
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS deeds ON CLUSTER main AS activity.deeds_local
ENGINE = Distributed(main, activity, deeds_local, cityHash64(time));
