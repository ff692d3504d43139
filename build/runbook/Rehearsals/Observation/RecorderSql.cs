using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>
/// The recorder inside the database: tables for what was there before and for what happens, and functions that the triggers run. They run
/// as the recorder's owner whatever role migrates, name everything with its schema, and never make a migration fail: what they can't
/// record is a gap.
/// </summary>
internal static class RecorderSql
{
    private const string Schema = MigrationRecorder.Schema;

    /// <summary>Removes the recorder. Dropping event triggers fires none.</summary>
    public const string Remove =
        $"""
        SET client_min_messages = error;
        DROP EVENT TRIGGER IF EXISTS {Schema}_ended; DROP EVENT TRIGGER IF EXISTS {Schema}_dropped; DROP EVENT TRIGGER IF EXISTS {Schema}_rewritten;
        DROP SCHEMA IF EXISTS {Schema} CASCADE;
        """;

    /// <summary>The tables, and what is there before.</summary>
    public const string Tables =
        $"""
        CREATE SCHEMA {Schema};
        CREATE TABLE {Schema}.command (id bigint GENERATED ALWAYS AS IDENTITY, tag text, type text, identity text);
        CREATE TABLE {Schema}.dropped (id bigint GENERATED ALWAYS AS IDENTITY, event bigint, classid oid, objid oid, objsubid int, type text, identity text,
                                       names text[], original boolean, normal boolean);
        CREATE SEQUENCE {Schema}.event;
        CREATE TABLE {Schema}.rewritten (oid oid PRIMARY KEY);
        CREATE TABLE {Schema}.held (oid oid, mode text, PRIMARY KEY (oid, mode));
        CREATE TABLE {Schema}.step (id bigint GENERATED ALWAYS AS IDENTITY, pid int, began timestamptz, at timestamptz, source text, target text);
        CREATE TABLE {Schema}.gap (message text);
        CREATE TABLE {Schema}.object (classid oid, objid oid, PRIMARY KEY (classid, objid));
        CREATE TABLE {Schema}.relation (oid oid PRIMARY KEY, schema text, name text, kind "char", filenode oid, inserted bigint, updated bigint, deleted bigint,
                                        rows bigint, checksum text);
        CREATE TABLE {Schema}.attribute (relation oid, attnum int, name text, type oid, typmod int, PRIMARY KEY (relation, attnum));
        """;

    /// <summary>Notes what is there before. Objects below 16384 came with the server.</summary>
    public const string Baseline =
        $"""
        INSERT INTO {Schema}.object
        SELECT 'pg_class'::regclass, oid FROM pg_class UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type
        UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint UNION ALL SELECT 'pg_trigger'::regclass, oid FROM pg_trigger
        UNION ALL SELECT 'pg_namespace'::regclass, oid FROM pg_namespace UNION ALL SELECT 'pg_extension'::regclass, oid FROM pg_extension
        UNION ALL SELECT 'pg_policy'::regclass, oid FROM pg_policy UNION ALL SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite
        UNION ALL SELECT 'pg_attrdef'::regclass, oid FROM pg_attrdef UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator
        UNION ALL SELECT 'pg_cast'::regclass, oid FROM pg_cast UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
        UNION ALL SELECT 'pg_publication'::regclass, oid FROM pg_publication UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
        UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config;
        INSERT INTO {Schema}.relation
        SELECT c.oid, n.nspname, c.relname, c.relkind, c.relfilenode, pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '{Schema}');
        INSERT INTO {Schema}.attribute
        SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod
        FROM pg_attribute a JOIN {Schema}.relation r ON r.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped;
        """;

    /// <summary>The functions and triggers.</summary>
    /// <param name="versionTable">Alembic's version table, in whatever schema it is or will be.</param>
    public static string Triggers(string versionTable) =>
        $"""
        CREATE FUNCTION {Schema}.hold() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $body$
            INSERT INTO {Schema}.held
            SELECT DISTINCT l.relation, l.mode FROM pg_locks l JOIN {Schema}.relation r ON r.oid = l.relation
            WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            ON CONFLICT DO NOTHING
        $body$;
        CREATE FUNCTION {Schema}.step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
        DECLARE source text; target text;
        BEGIN
            IF TG_OP <> 'INSERT' THEN source := to_jsonb(OLD) ->> 'version_num'; END IF;
            IF TG_OP <> 'DELETE' THEN target := to_jsonb(NEW) ->> 'version_num'; END IF;
            INSERT INTO {Schema}.step (pid, began, at, source, target)
            VALUES (pg_backend_pid(), (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()), clock_timestamp(), source, target);
            PERFORM {Schema}.hold();
            RETURN NULL;
        EXCEPTION WHEN OTHERS THEN
            INSERT INTO {Schema}.gap VALUES ('a step of ' || TG_TABLE_NAME || ': ' || SQLERRM);
            RETURN NULL;
        END $body$;
        CREATE FUNCTION {Schema}.watch(version oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
        BEGIN
            PERFORM set_config('{Schema}.quiet', 'on', true);
            EXECUTE format('CREATE TRIGGER {Schema} AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION {Schema}.step()', version::regclass);
            EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER {Schema}', version::regclass);
            PERFORM set_config('{Schema}.quiet', 'off', true);
        END $body$;
        CREATE FUNCTION {Schema}.ended() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
        BEGIN
            IF current_setting('{Schema}.quiet', true) = 'on' THEN RETURN; END IF;
            INSERT INTO {Schema}.command (tag, type, identity)
            SELECT d.command_tag, coalesce(d.object_type, ''), coalesce(d.object_identity, '') FROM pg_event_trigger_ddl_commands() d
            WHERE NOT d.in_extension AND coalesce(d.schema_name, '') !~ '^pg_temp';
            PERFORM {Schema}.hold();
            PERFORM {Schema}.watch(c.oid) FROM pg_event_trigger_ddl_commands() d JOIN pg_class c ON c.oid = d.objid
            WHERE d.command_tag = 'CREATE TABLE' AND d.classid = 'pg_class'::regclass AND c.relkind = 'r' AND c.relpersistence <> 't' AND c.relname = {SqlText.Literal(versionTable)};
        EXCEPTION WHEN OTHERS THEN
            INSERT INTO {Schema}.gap VALUES ('the end of ' || TG_TAG || ': ' || SQLERRM);
        END $body$;
        CREATE FUNCTION {Schema}.dropped() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
        DECLARE event bigint := nextval('{Schema}.event');
        BEGIN
            INSERT INTO {Schema}.dropped (event, classid, objid, objsubid, type, identity, names, original, normal)
            SELECT event, d.classid, d.objid, d.objsubid, d.object_type, d.object_identity, d.address_names, d.original, d.normal
            FROM pg_event_trigger_dropped_objects() d WHERE NOT d.is_temporary;
            PERFORM {Schema}.hold();
        EXCEPTION WHEN OTHERS THEN
            INSERT INTO {Schema}.gap VALUES ('what ' || TG_TAG || ' dropped: ' || SQLERRM);
        END $body$;
        CREATE FUNCTION {Schema}.rewritten() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
        BEGIN
            INSERT INTO {Schema}.rewritten VALUES (pg_event_trigger_table_rewrite_oid()) ON CONFLICT DO NOTHING;
            PERFORM {Schema}.hold();
        EXCEPTION WHEN OTHERS THEN
            INSERT INTO {Schema}.gap VALUES ('what ' || TG_TAG || ' rewrote: ' || SQLERRM);
        END $body$;
        SELECT {Schema}.watch(c.oid) FROM pg_class c JOIN {Schema}.relation r ON r.oid = c.oid WHERE c.relkind = 'r' AND c.relname = {SqlText.Literal(versionTable)};
        CREATE EVENT TRIGGER {Schema}_ended ON ddl_command_end EXECUTE FUNCTION {Schema}.ended();
        CREATE EVENT TRIGGER {Schema}_dropped ON sql_drop EXECUTE FUNCTION {Schema}.dropped();
        CREATE EVENT TRIGGER {Schema}_rewritten ON table_rewrite EXECUTE FUNCTION {Schema}.rewritten();
        ALTER EVENT TRIGGER {Schema}_ended ENABLE ALWAYS; ALTER EVENT TRIGGER {Schema}_dropped ENABLE ALWAYS; ALTER EVENT TRIGGER {Schema}_rewritten ENABLE ALWAYS;
        """;
}
