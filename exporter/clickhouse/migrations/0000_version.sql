-- The migrations that were run. It is made whenever a log is opened for writing.
CREATE TABLE IF NOT EXISTS {{local "schema_version"}} (
	version UInt32,
	time    DateTime DEFAULT now()
)
ENGINE = {{engine "MergeTree"}}
ORDER BY version
SETTINGS {{durable}};

{{distributed "schema_version" "version"}}
