namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>The parts of a snapshot's query that are about who may do what, about settings, and about rarer objects.</summary>
internal static class CatalogAccessQuery
{
    // Without an access list the defaults hold (PostgreSQL manual, 5.8 "Privileges"). An owner's rights are the same whoever the owner is.
    public const string Privileges =
        """
        SELECT 'Privileges', g.path, g.suffix || ' to ' || CASE WHEN g.grantee = g.holder THEN 'its owner' ELSE coalesce(quote_ident(r.rolname), 'PUBLIC') END,
               g.owner, g.suffix, string_agg(DISTINCT g.privilege, ', ' ORDER BY g.privilege), jsonb_build_object('of', g.kind)
        FROM (
            SELECT 'relation' AS kind, ARRAY[c.nspname, c.relname] AS path, '' AS suffix, ARRAY[c.nspname, c.relname] AS owner, c.relowner AS holder, a.grantee,
                   a.privilege_type || CASE WHEN a.is_grantable AND a.grantee <> c.relowner THEN '*' ELSE '' END AS privilege
            FROM relation c CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner))) a
            WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
            UNION ALL
            SELECT 'column', ARRAY[c.nspname, c.relname, t.attname::text], '', ARRAY[c.nspname, c.relname, t.attname::text], c.relowner, a.grantee,
                   a.privilege_type || CASE WHEN a.is_grantable AND a.grantee <> c.relowner THEN '*' ELSE '' END
            FROM relation c JOIN pg_attribute t ON t.attrelid = c.oid CROSS JOIN LATERAL aclexplode(t.attacl) a
            WHERE NOT t.attisdropped
            UNION ALL
            SELECT 'function', ARRAY[p.nspname, p.proname], p.arguments, ARRAY[p.nspname, p.proname], p.proowner, a.grantee,
                   a.privilege_type || CASE WHEN a.is_grantable AND a.grantee <> p.proowner THEN '*' ELSE '' END
            FROM routine p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            UNION ALL
            SELECT 'type', ARRAY[t.nspname, t.typname], '', ARRAY[t.nspname, t.typname], t.typowner, a.grantee,
                   a.privilege_type || CASE WHEN a.is_grantable AND a.grantee <> t.typowner THEN '*' ELSE '' END
            FROM usertype t CROSS JOIN LATERAL aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) a
            UNION ALL
            SELECT 'schema', ARRAY[s.nspname], '', ARRAY[s.nspname], s.nspowner, a.grantee,
                   a.privilege_type || CASE WHEN a.is_grantable AND a.grantee <> s.nspowner THEN '*' ELSE '' END
            FROM space s CROSS JOIN LATERAL aclexplode(coalesce(s.nspacl, acldefault('n', s.nspowner))) a
        ) g LEFT JOIN pg_roles r ON r.oid = g.grantee
        GROUP BY g.kind, g.path, g.suffix, g.owner, g.holder, g.grantee, r.rolname
        """;

    public const string Settings =
        """
        SELECT 'Setting', ARRAY[split_part(o, '=', 1)], coalesce(' of ' || quote_ident(r.rolname), ''), NULL, NULL, substr(o, strpos(o, '=') + 1), '{}'
        FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) o LEFT JOIN pg_roles r ON r.oid = s.setrole
        WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    // Objects below 16384 came with the server.
    public const string Others =
        $$"""
        SELECT 'Other', '{}'::text[], i.type || ' ' || i.identity, NULL, NULL, o.definition, '{}'
        FROM (
            SELECT 'pg_collation'::regclass AS class, l.oid, (to_jsonb(l) - 'oid' - 'collowner' - 'collnamespace' - 'collversion')::text AS definition FROM pg_collation l
            UNION ALL SELECT 'pg_cast'::regclass, c.oid, c.castcontext::text || c.castmethod::text FROM pg_cast c
            UNION ALL SELECT 'pg_operator'::regclass, p.oid, p.oprcode::text FROM pg_operator p
            UNION ALL SELECT 'pg_event_trigger'::regclass, e.oid, concat_ws(' ', e.evtevent, e.evtfoid::regproc, e.evtenabled, e.evttags) FROM pg_event_trigger e
                      JOIN pg_proc p ON p.oid = e.evtfoid JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname <> '{{MigrationRecorder.Schema}}'
            UNION ALL SELECT 'pg_publication'::regclass, b.oid, concat_ws(' ', b.puballtables, b.pubinsert, b.pubupdate, b.pubdelete, b.pubtruncate,
                      (SELECT string_agg(format('%I.%I', t.schemaname, t.tablename), ', ' ORDER BY t.schemaname, t.tablename) FROM pg_publication_tables t WHERE t.pubname = b.pubname))
                      FROM pg_publication b
            UNION ALL SELECT 'pg_subscription'::regclass, s.oid, concat_ws(' ', s.subenabled, s.subpublications) FROM pg_subscription s
                      WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
            UNION ALL SELECT 'pg_foreign_server'::regclass, v.oid, concat_ws(' ', v.srvtype, v.srvversion) FROM pg_foreign_server v
            UNION ALL SELECT 'pg_ts_config'::regclass, f.oid, f.cfgparser::text FROM pg_ts_config f
        ) o CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) i
        WHERE o.oid >= 16384 AND (i.schema IS NULL OR i.schema IN (SELECT nspname FROM space))
          AND NOT EXISTS (SELECT FROM member m WHERE m.classid = o.class AND m.objid = o.oid)
        """;
}
