-- +goose Up

SELECT pg_advisory_xact_lock(hashtext('activitylog.migrate'));

-- Events are added and not changed. The functions below that are for a
-- custodian set activitylog.custody while they run; nobody but the owner has
-- the right to change or remove events outside of them, and this keeps the
-- owner from doing so by mistake. They do not have it as a SET clause of their
-- own: only a superuser may write that for a setting of this kind.

-- +goose StatementBegin
CREATE FUNCTION activitylog.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF current_setting('activitylog.custody', true) = 'on' AND TG_OP <> 'TRUNCATE' THEN
		RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
	END IF;
	RAISE EXCEPTION '% of activitylog.%: the log is only added to', TG_OP, TG_TABLE_NAME
		USING ERRCODE = 'insufficient_privilege', HINT = 'See activitylog.remove, activitylog.erase and activitylog.drop_partition.';
END $$;
-- +goose StatementEnd

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON activitylog.events FOR EACH ROW EXECUTE FUNCTION activitylog.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON activitylog.quarantine FOR EACH ROW EXECUTE FUNCTION activitylog.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON activitylog.deeds FOR EACH ROW EXECUTE FUNCTION activitylog.refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON activitylog.events FOR EACH STATEMENT EXECUTE FUNCTION activitylog.refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON activitylog.events_default FOR EACH STATEMENT EXECUTE FUNCTION activitylog.refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON activitylog.quarantine FOR EACH STATEMENT EXECUTE FUNCTION activitylog.refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON activitylog.deeds FOR EACH STATEMENT EXECUTE FUNCTION activitylog.refuse();

-- Events are copied straight into a partition. One that somebody has detached
-- meanwhile takes none: nobody would find them.
-- +goose StatementBegin
CREATE FUNCTION activitylog.must_be_attached() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = TG_RELID AND NOT inhdetachpending) THEN
		RAISE EXCEPTION 'activitylog.% is no part of the log any more', TG_TABLE_NAME USING ERRCODE = 'undefined_table';
	END IF;
	RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER attached BEFORE INSERT ON activitylog.events_default FOR EACH STATEMENT EXECUTE FUNCTION activitylog.must_be_attached();

-- Which tenants a role of the group activitylog_tenant may see.
CREATE TABLE activitylog.scopes (
	role   name NOT NULL,
	tenant text NOT NULL COLLATE "C",
	PRIMARY KEY (role, tenant)
);

-- make_partition makes the partition of a month, unless there is one, and
-- moves into it what the default partition has of that month. It returns false
-- for a month that is so far away that a clock must be wrong, and for one whose
-- partition somebody has detached.
-- +goose StatementBegin
CREATE FUNCTION activitylog.make_partition(month timestamptz) RETURNS boolean LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET lock_timeout = '3s'
AS $$
DECLARE
	first timestamptz := date_trunc('month', month);
	part  text := 'events_' || to_char(first, 'YYYY_MM');
	there regclass;
	least uuid;
	beyond uuid;
BEGIN
	IF first < now() - interval '10 years' OR first > now() + interval '4 months' THEN
		RETURN false;
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('activitylog.partitions'));
	there := to_regclass('activitylog.' || part);
	IF there IS NOT NULL THEN
		RETURN EXISTS (SELECT FROM pg_inherits WHERE inhrelid = there AND NOT inhdetachpending);
	END IF;
	least := (lpad(to_hex((extract(epoch FROM first) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
	beyond := (lpad(to_hex((extract(epoch FROM first + interval '1 month') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
	LOCK TABLE activitylog.events_default IN ACCESS EXCLUSIVE MODE;
	EXECUTE format('CREATE TABLE activitylog.%I (LIKE activitylog.events INCLUDING ALL)', part);
	PERFORM set_config('activitylog.custody', 'on', true);
	EXECUTE format('WITH moved AS (DELETE FROM activitylog.events_default WHERE id >= %L AND id < %L RETURNING *)
		INSERT INTO activitylog.%I SELECT * FROM moved', least, beyond, part);
	PERFORM set_config('activitylog.custody', '', true);
	EXECUTE format('ALTER TABLE activitylog.events ATTACH PARTITION activitylog.%I FOR VALUES FROM (%L) TO (%L)', part, least, beyond);
	EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON activitylog.%I FOR EACH STATEMENT EXECUTE FUNCTION activitylog.refuse()', part);
	EXECUTE format('CREATE TRIGGER attached BEFORE INSERT ON activitylog.%I FOR EACH STATEMENT EXECUTE FUNCTION activitylog.must_be_attached()', part);
	IF to_regrole('activitylog_writer') IS NOT NULL THEN
		EXECUTE format('GRANT SELECT, INSERT ON activitylog.%I TO activitylog_writer', part);
	END IF;
	RETURN true;
END $$;
-- +goose StatementEnd

-- The custodian's functions. Each of them says in deeds what it did, and on
-- whose authority.

-- remove removes events.
-- +goose StatementBegin
CREATE FUNCTION activitylog.remove(what text, by text, reason text, ids uuid[]) RETURNS bigint LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE n bigint;
BEGIN
	PERFORM set_config('activitylog.custody', 'on', true);
	DELETE FROM activitylog.events WHERE id = ANY (ids);
	GET DIAGNOSTICS n = ROW_COUNT;
	PERFORM set_config('activitylog.custody', '', true);
	IF n > 0 THEN
		INSERT INTO activitylog.deeds (kind, what, events, by, reason) VALUES ('pruned', what, n, by, reason);
	END IF;
	RETURN n;
END $$;
-- +goose StatementEnd

-- lock_partition lets nothing be added to a month until the transaction ends,
-- unless its newest event was stored after a time, and returns whether it did.
-- What a hold is for is looked for after that.
-- +goose StatementBegin
CREATE FUNCTION activitylog.lock_partition(part text, before timestamptz) RETURNS boolean LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '3s'
AS $$
DECLARE is_newer boolean;
BEGIN
	IF part !~ '^events_\d{4}_\d{2}$' THEN
		RAISE EXCEPTION 'activitylog.% is no partition of a month', part;
	END IF;
	EXECUTE format('SELECT ingested >= %L FROM activitylog.%I ORDER BY time DESC, id DESC LIMIT 1', before, part) INTO is_newer;
	IF is_newer THEN -- what most partitions are, seen at the first glance
		RETURN false;
	END IF;
	EXECUTE format('LOCK TABLE activitylog.%I IN SHARE ROW EXCLUSIVE MODE', part);
	RETURN true;
END $$;
-- +goose StatementEnd

-- drop_partition removes the events of a month if all of them were stored
-- before a time. It returns their number, or NULL if some were stored later.
-- +goose StatementBegin
CREATE FUNCTION activitylog.drop_partition(what text, by text, reason text, part text, before timestamptz) RETURNS bigint
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '3s'
AS $$
DECLARE
	n bigint;
	is_newer boolean;
BEGIN
	IF NOT activitylog.lock_partition(part, before) THEN
		RETURN NULL;
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM activitylog.%I WHERE ingested >= %L)', part, before) INTO is_newer;
	IF is_newer THEN
		RETURN NULL;
	END IF;
	EXECUTE format('SELECT count(*) FROM activitylog.%I', part) INTO n;
	EXECUTE format('DROP TABLE activitylog.%I', part);
	IF n > 0 THEN
		INSERT INTO activitylog.deeds (kind, what, events, by, reason) VALUES ('pruned', what, n, by, reason);
	END IF;
	RETURN n;
END $$;
-- +goose StatementEnd

-- forget_chunks removes the index of what is not there any more.
-- +goose StatementBegin
CREATE FUNCTION activitylog.forget_chunks() RETURNS void LANGUAGE sql
	SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	WITH gone AS (
		DELETE FROM activitylog.chunks c
		WHERE chunk < (SELECT max(chunk) FROM activitylog.chunks)
			AND NOT EXISTS (SELECT FROM activitylog.events WHERE pos >= chunk * 4096 AND pos < (chunk + 1) * 4096)
		RETURNING chunk
	)
	DELETE FROM activitylog.blocks USING gone WHERE blocks.chunk = gone.chunk
$$;
-- +goose StatementEnd

-- erase removes the personal part of events, and conflicts in quarantine.
-- +goose StatementBegin
CREATE FUNCTION activitylog.erase(person text, by text, reason text, ids uuid[], conflicts bytea[]) RETURNS bigint LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	changed bigint;
	removed bigint;
BEGIN
	PERFORM set_config('activitylog.custody', 'on', true);
	UPDATE activitylog.events SET salt = NULL, actor_name = NULL, actor_email = NULL, behalf_name = NULL,
		client_address = NULL, peer_address = NULL, user_agent = NULL, session = NULL, path = NULL, summary = NULL,
		reason = NULL, attributes = NULL, target_names = NULL, change_values = NULL, erased = now()
	WHERE id = ANY (ids) AND erased IS NULL;
	GET DIAGNOSTICS changed = ROW_COUNT;
	DELETE FROM activitylog.quarantine WHERE hash = ANY (conflicts);
	GET DIAGNOSTICS removed = ROW_COUNT;
	PERFORM set_config('activitylog.custody', '', true);
	INSERT INTO activitylog.deeds (kind, what, events, by, reason) VALUES ('erased', person, changed + removed, by, erase.reason);
	RETURN changed + removed;
END $$;
-- +goose StatementEnd

-- discard removes a record from quarantine, and returns false if it is not there.
-- +goose StatementBegin
CREATE FUNCTION activitylog.discard(record bytea, by text, reason text) RETURNS boolean LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE n bigint;
BEGIN
	PERFORM set_config('activitylog.custody', 'on', true);
	DELETE FROM activitylog.quarantine WHERE hash = record;
	GET DIAGNOSTICS n = ROW_COUNT;
	PERFORM set_config('activitylog.custody', '', true);
	IF n = 0 THEN
		RETURN false;
	END IF;
	INSERT INTO activitylog.deeds (kind, what, events, by, reason) VALUES ('discarded', encode(record, 'hex'), 1, by, reason);
	RETURN true;
END $$;
-- +goose StatementEnd

-- hold begins a hold or replaces it; what says of it what is to be remembered.
-- +goose StatementBegin
CREATE FUNCTION activitylog.hold(hold text, filter text, what text, by text, reason text) RETURNS void LANGUAGE sql
	SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	INSERT INTO activitylog.holds (name, filter, by, reason) VALUES (hold, filter, by, reason)
	ON CONFLICT (name) DO UPDATE SET filter = excluded.filter, since = now(), by = excluded.by, reason = excluded.reason;
	INSERT INTO activitylog.deeds (kind, what, by, reason) VALUES ('held', what, by, reason);
$$;
-- +goose StatementEnd

-- release ends a hold, and returns false if there is none.
-- +goose StatementBegin
CREATE FUNCTION activitylog.release(hold text, by text, reason text) RETURNS boolean LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	DELETE FROM activitylog.holds WHERE name = hold;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	INSERT INTO activitylog.deeds (kind, what, by, reason) VALUES ('released', hold, by, reason);
	RETURN true;
END $$;
-- +goose StatementEnd

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA activitylog FROM PUBLIC;

-- No row of these is seen unless a policy, which grant_rights makes, says so;
-- the owner sees all of them.
ALTER TABLE activitylog.events ENABLE ROW LEVEL SECURITY;
ALTER TABLE activitylog.names ENABLE ROW LEVEL SECURITY;
ALTER TABLE activitylog.quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE activitylog.holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE activitylog.deeds ENABLE ROW LEVEL SECURITY;

-- grant_rights gives the roles of the log their rights. It may be called again,
-- when the roles are made later than the schema.
--
--   activitylog_writer     adds events: for the exporter
--   activitylog_reader     sees all tenants, or the one of the setting activitylog.tenant
--   activitylog_tenant     sees the tenants that scopes has for the role
--   activitylog_custodian  prunes, holds and erases, beside what a reader may
--
-- +goose StatementBegin
CREATE FUNCTION activitylog.grant_rights() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	part regclass;
	everyone text[] := ARRAY['activitylog_writer', 'activitylog_reader', 'activitylog_tenant', 'activitylog_custodian'];
	guarded text[] := ARRAY['events', 'names', 'quarantine', 'holds', 'deeds'];
	r text;
	of text;
BEGIN
	FOREACH r IN ARRAY everyone LOOP
		CONTINUE WHEN to_regrole(r) IS NULL;
		EXECUTE format('GRANT USAGE ON SCHEMA activitylog TO %I', r);
		EXECUTE format('GRANT SELECT ON activitylog.events, activitylog.names, activitylog.chunks, activitylog.blocks,
			activitylog.schema_version TO %I', r);
		FOREACH of IN ARRAY guarded LOOP
			EXECUTE format('DROP POLICY IF EXISTS %I ON activitylog.%I', r, of);
		END LOOP;
		IF r = 'activitylog_tenant' THEN
			GRANT SELECT ON activitylog.scopes TO activitylog_tenant;
			CREATE POLICY activitylog_tenant ON activitylog.events FOR SELECT TO activitylog_tenant
				USING (tenant IN (SELECT s.tenant FROM activitylog.scopes s WHERE s.role = current_user));
			CREATE POLICY activitylog_tenant ON activitylog.names FOR SELECT TO activitylog_tenant
				USING (key <> 'tenant' OR value IN (SELECT s.tenant FROM activitylog.scopes s WHERE s.role = current_user));
			CONTINUE;
		END IF;
		FOREACH of IN ARRAY guarded LOOP
			EXECUTE format('CREATE POLICY %I ON activitylog.%I TO %I USING (true)', r, of, r);
		END LOOP;
		EXECUTE format('GRANT SELECT ON activitylog.quarantine, activitylog.holds, activitylog.deeds, activitylog.positions TO %I', r);
	END LOOP;

	-- Whatever a role may see, the setting narrows it: also what is of no tenant.
	FOREACH of IN ARRAY guarded LOOP
		EXECUTE format('DROP POLICY IF EXISTS narrowed ON activitylog.%I', of);
		EXECUTE format('CREATE POLICY narrowed ON activitylog.%I AS RESTRICTIVE FOR SELECT
			USING (coalesce(current_setting(''activitylog.tenant'', true), '''') IN ('''', %s))', of, CASE of
				WHEN 'events' THEN 'tenant'
				WHEN 'names' THEN 'CASE key WHEN ''tenant'' THEN value ELSE current_setting(''activitylog.tenant'', true) END'
				ELSE '''''' END);
	END LOOP;

	IF to_regrole('activitylog_writer') IS NOT NULL THEN
		GRANT INSERT ON activitylog.names, activitylog.chunks, activitylog.blocks, activitylog.quarantine TO activitylog_writer;
		GRANT USAGE ON SEQUENCE activitylog.positions TO activitylog_writer;
		GRANT EXECUTE ON FUNCTION activitylog.make_partition TO activitylog_writer;
		FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'activitylog.events'::regclass LOOP
			EXECUTE format('GRANT SELECT, INSERT ON %s TO activitylog_writer', part);
		END LOOP;
	END IF;
	IF to_regrole('activitylog_custodian') IS NOT NULL THEN
		GRANT EXECUTE ON FUNCTION activitylog.remove, activitylog.lock_partition, activitylog.drop_partition, activitylog.forget_chunks, activitylog.erase,
			activitylog.discard, activitylog.hold, activitylog.release TO activitylog_custodian;
	END IF;
END $$;
-- +goose StatementEnd

-- Who may not make roles leaves it to who may, and to grant_rights.
-- +goose StatementBegin
DO $$
DECLARE r text;
BEGIN
	FOREACH r IN ARRAY ARRAY['activitylog_writer', 'activitylog_reader', 'activitylog_tenant', 'activitylog_custodian'] LOOP
		BEGIN
			EXECUTE format('CREATE ROLE %I NOLOGIN', r);
		EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN
			NULL;
		END;
	END LOOP;
END $$;
-- +goose StatementEnd

SELECT activitylog.grant_rights();
