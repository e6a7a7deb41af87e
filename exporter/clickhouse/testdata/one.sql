CREATE TABLE IF NOT EXISTS schema_version (
	version UInt32,
	time    DateTime DEFAULT now()
)
ENGINE = MergeTree()
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS events (
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
ENGINE = ReplacingMergeTree(first)
PARTITION BY toYYYYMM(toDateTime(intDiv(ingested, 1000000000), 'UTC'))
PRIMARY KEY (tenant, time)
ORDER BY (tenant, time, id, content)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS quarantine (
	id     FixedString(32), -- SHA-256
	time   Int64,
	reason String,
	event  String, -- JSON; '' for a record that is kept raw
	salt   String,
	raw    String,
	first  UInt64 MATERIALIZED bitNot(toUInt64(time))
)
ENGINE = ReplacingMergeTree(first)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS holds (
	name     String,
	filter   String,
	since    Int64,
	by       String,
	reason   String,
	released Bool,
	version  UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY name
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS deeds (
	time   Int64,
	kind   LowCardinality(String),
	what   String,
	events Int64,
	by     String,
	reason String
)
ENGINE = MergeTree()
ORDER BY time
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
