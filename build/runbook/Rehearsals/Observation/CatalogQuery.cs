namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>
/// The query of a snapshot: one part for each kind of object, over what the application owns. It expects <c>search_path</c> to be
/// <c>pg_catalog</c>, so that every name comes with its schema. Columns that only newer servers have are read through to_jsonb.
/// </summary>
internal static class CatalogQuery
{
    /// <summary>
    /// Rows of kind, path (stored names), suffix (what follows the names in the identity), owner and owner_suffix (the same of what it belongs
    /// to), definition and attributes.
    /// </summary>
    public static string All { get; } =
        Scope + string.Join("\nUNION ALL\n", [Schemas, Extensions, Relations, Columns, Constraints, Indexes, Triggers, Rules, Policies, Inheritance,
            Sequences, Functions, Enums, Domains, Composites, Ranges, CatalogAccessQuery.Privileges, CatalogAccessQuery.Settings, CatalogAccessQuery.Others]);

    // What PostgreSQL, an extension or a range type brings along isn't the application's, and what the recorder made isn't either.
    private const string Scope =
        $"""
        WITH member AS MATERIALIZED (SELECT classid, objid FROM pg_depend
            WHERE deptype = 'e' OR deptype = 'i' AND classid IN ('pg_proc'::regclass, 'pg_cast'::regclass)),
        space AS MATERIALIZED (
            SELECT n.oid, n.nspname::text AS nspname, n.nspacl, n.nspowner FROM pg_namespace n
            WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '{MigrationRecorder.Schema}')),
        relation AS MATERIALIZED (
            SELECT c.oid, s.nspname, c.relname::text AS relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
                   c.reloptions, c.relispopulated, c.relispartition, c.relpartbound, c.relacl, c.relowner
            FROM pg_class c JOIN space s ON s.oid = c.relnamespace
            WHERE c.relpersistence <> 't' AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)),
        routine AS MATERIALIZED (
            SELECT p.oid, p.proname::text AS proname, s.nspname, p.prokind, p.prorettype, p.prosrc, p.proacl, p.proowner,
                   '(' || pg_get_function_identity_arguments(p.oid) || ')' AS arguments
            FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
            WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)),
        usertype AS MATERIALIZED (
            SELECT t.oid, t.typname::text AS typname, s.nspname, t.typtype, t.typrelid, t.typbasetype, t.typtypmod, t.typnotnull, t.typdefault,
                   t.typcollation, t.typacl, t.typowner
            FROM pg_type t JOIN space s ON s.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
            WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
              AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid))

        """;

    private const string Schemas =
        """
        SELECT 'Schema' AS kind, ARRAY[nspname] AS path, '' AS suffix, NULL::text[] AS owner, NULL::text AS owner_suffix, NULL::text AS definition,
               '{}'::jsonb AS attributes
        FROM space
        """;

    private const string Extensions =
        """
        SELECT 'Extension', ARRAY[e.extname::text], '', NULL, NULL, NULL, jsonb_build_object('version', e.extversion, 'schema', n.nspname)
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'
        """;

    private const string Relations =
        """
        SELECT CASE relkind WHEN 'f' THEN 'ForeignTable' WHEN 'v' THEN 'View' WHEN 'm' THEN 'MaterializedView' ELSE 'Table' END,
               ARRAY[nspname, relname], '', NULL, NULL, CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END,
               jsonb_build_object('persistence', relpersistence, 'populated', relispopulated, 'options', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(reloptions) o))
               || CASE WHEN relkind IN ('r', 'p', 'f') THEN jsonb_build_object('row security', relrowsecurity, 'forced row security', relforcerowsecurity,
                       'replica identity', relreplident, 'partitioned by', pg_get_partkeydef(oid)) ELSE '{}' END
               || CASE WHEN relkind = 'f' THEN (SELECT jsonb_build_object('server', s.srvname, 'server options', f.ftoptions)
                       FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = relation.oid) ELSE '{}' END
        FROM relation WHERE relkind IN ('r', 'p', 'f', 'v', 'm')
        """;

    // A domain's own NOT NULL and default are the column's as well, as far as an INSERT notices.
    private const string Columns =
        """
        SELECT 'Column', ARRAY[c.nspname, c.relname, a.attname::text], '', ARRAY[c.nspname, c.relname], '', NULL,
               jsonb_build_object('type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT (a.attnotnull OR t.typtype = 'd' AND t.typnotnull),
                   'default', CASE WHEN a.attgenerated = '' THEN coalesce(pg_get_expr(d.adbin, d.adrelid), t.typdefault) END,
                   'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
                   'generation', nullif(a.attgenerated, ''), 'identity', nullif(a.attidentity, ''),
                   'collation', CASE WHEN a.attcollation <> t.typcollation THEN (SELECT format('%I.%I', n.nspname, l.collname)
                       FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) END,
                   'inherited', CASE WHEN a.attinhcount > 0 AND NOT a.attislocal THEN true END, 'of view', CASE WHEN c.relkind IN ('v', 'm') THEN true END)
        FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
             LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
        """;

    // Whether old rows were looked at (NOT VALID) makes no difference to what is written from now on.
    private const string Constraints =
        """
        SELECT 'Constraint', ARRAY[c.nspname, c.relname, k.conname::text], '', ARRAY[c.nspname, c.relname], '',
               regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
               jsonb_build_object('type', k.contype, 'validated', k.convalidated, 'deferrable', k.condeferrable,
                   'inherited', CASE WHEN NOT k.conislocal OR k.conparentid <> 0 THEN true END,
                   'columns', (SELECT jsonb_agg(a.attname ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY u(attnum, place)
                               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum),
                   'expression', CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END,
                   'nulls not distinct', (SELECT to_jsonb(i) -> 'indnullsnotdistinct' FROM pg_index i WHERE i.indexrelid = k.conindid AND k.contype = 'u'))
        FROM pg_constraint k JOIN relation c ON c.oid = k.conrelid WHERE k.contype IN ('p', 'u', 'x', 'c', 'f')
        """;

    // A definition begins with CREATE [UNIQUE] INDEX and the name; the rest tells two indexes apart.
    private const string Indexes =
        """
        SELECT 'Index', ARRAY[x.nspname, x.relname], '', ARRAY[c.nspname, c.relname], '',
               CASE WHEN i.indisunique THEN 'UNIQUE' ELSE '' END
                   || substr(pg_get_indexdef(i.indexrelid), length(CASE WHEN i.indisunique THEN 'CREATE UNIQUE INDEX ' ELSE 'CREATE INDEX ' END || quote_ident(x.relname)) + 1),
               jsonb_build_object('unique', i.indisunique, 'valid', i.indisvalid, 'predicate', pg_get_expr(i.indpred, i.indrelid),
                   'inherited', CASE WHEN x.relispartition THEN true END, 'nulls not distinct', to_jsonb(i) -> 'indnullsnotdistinct',
                   'keys', (SELECT jsonb_agg(coalesce(a.attname::text, '(' || pg_get_indexdef(i.indexrelid, k, true) || ')') ORDER BY k)
                            FROM generate_series(1, i.indnkeyatts) k LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] AND a.attnum > 0),
                   'columns', (SELECT jsonb_agg(DISTINCT a.attname) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                               WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0))
        FROM pg_index i JOIN relation x ON x.oid = i.indexrelid JOIN relation c ON c.oid = i.indrelid
        WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
        """;

    private const string Triggers =
        $"""
        SELECT 'Trigger', ARRAY[c.nspname, c.relname, t.tgname::text], '', ARRAY[c.nspname, c.relname], '', pg_get_triggerdef(t.oid),
               jsonb_build_object('enabled', t.tgenabled, 'after', t.tgtype::int & 66 = 0,
                   'function', (SELECT format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
                                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.tgfoid))
        FROM pg_trigger t JOIN relation c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND t.tgparentid = 0
          AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.tgfoid AND n.nspname = '{MigrationRecorder.Schema}')
        """;

    private const string Rules =
        """
        SELECT 'Rule', ARRAY[c.nspname, c.relname, r.rulename::text], '', ARRAY[c.nspname, c.relname], '', pg_get_ruledef(r.oid),
               jsonb_build_object('enabled', r.ev_enabled)
        FROM pg_rewrite r JOIN relation c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN'
        """;

    private const string Policies =
        """
        SELECT 'Policy', ARRAY[c.nspname, c.relname, p.polname::text], '', ARRAY[c.nspname, c.relname], '', NULL,
               jsonb_build_object('permissive', p.polpermissive, 'command', p.polcmd, 'using', pg_get_expr(p.polqual, p.polrelid),
                   'check', pg_get_expr(p.polwithcheck, p.polrelid),
                   'roles', (SELECT jsonb_agg(coalesce(quote_ident(r.rolname), 'PUBLIC') ORDER BY r.rolname) FROM unnest(p.polroles) u(role) LEFT JOIN pg_roles r ON r.oid = u.role))
        FROM pg_policy p JOIN relation c ON c.oid = p.polrelid
        """;

    private const string Inheritance =
        """
        SELECT 'Inheritance', ARRAY[c.nspname, c.relname], ' in ' || format('%I.%I', p.nspname, p.relname), ARRAY[c.nspname, c.relname], '', NULL,
               jsonb_build_object('parent schema', p.nspname, 'parent', p.relname, 'partition', c.relispartition, 'bound', pg_get_expr(c.relpartbound, c.oid))
        FROM pg_inherits i JOIN relation c ON c.oid = i.inhrelid JOIN relation p ON p.oid = i.inhparent WHERE c.relkind IN ('r', 'p', 'f')
        """;

    private const string Sequences =
        """
        SELECT 'Sequence', ARRAY[c.nspname, c.relname], '', o.owner, '', NULL,
               jsonb_build_object('type', format_type(s.seqtypid, NULL), 'increment', s.seqincrement, 'minimum', s.seqmin, 'maximum', s.seqmax,
                   'start', s.seqstart, 'cache', s.seqcache, 'cycle', s.seqcycle, 'persistence', c.relpersistence, 'column', o.attname)
        FROM pg_sequence s JOIN relation c ON c.oid = s.seqrelid
             LEFT JOIN LATERAL (SELECT ARRAY[t.nspname, t.relname] AS owner, a.attname::text AS attname
                                FROM pg_depend d JOIN relation t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                                  AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') LIMIT 1) o ON true
        """;

    private const string Functions =
        """
        SELECT 'Function', ARRAY[p.nspname, p.proname], p.arguments, NULL, NULL,
               CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid)
                    ELSE (SELECT (to_jsonb(g) - 'aggfnoid' - 'aggtranstype' - 'aggmtranstype' - 'aggsortop')::text || format_type(g.aggtranstype, NULL)
                          FROM pg_aggregate g WHERE g.aggfnoid = p.oid) END,
               jsonb_build_object('kind', p.prokind, 'result', pg_get_function_result(p.oid),
                   'trigger body', CASE WHEN p.prorettype = 'trigger'::regtype THEN p.prosrc END)
        FROM routine p
        """;

    private const string Enums =
        """
        SELECT 'Enum', ARRAY[t.nspname, t.typname], '', NULL, NULL, NULL,
               jsonb_build_object('labels', (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
        FROM usertype t WHERE t.typtype = 'e'
        """;

    private const string Domains =
        """
        SELECT 'Domain', ARRAY[t.nspname, t.typname], '', NULL, NULL, NULL,
               jsonb_build_object('type', format_type(t.typbasetype, t.typtypmod), 'nullable', NOT t.typnotnull, 'default', t.typdefault,
                   'collation', (SELECT l.collname FROM pg_collation l WHERE l.oid = t.typcollation),
                   'checks', (SELECT jsonb_agg(regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') ORDER BY 1) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))
        FROM usertype t WHERE t.typtype = 'd'
        """;

    private const string Composites =
        """
        SELECT 'Type', ARRAY[t.nspname, t.typname], '', NULL, NULL, NULL,
               jsonb_build_object('fields', (SELECT jsonb_agg(jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
                                             FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
        FROM usertype t WHERE t.typtype = 'c'
        """;

    private const string Ranges =
        """
        SELECT 'Type', ARRAY[t.nspname, t.typname], '', NULL, NULL, NULL, jsonb_build_object('range of', format_type(r.rngsubtype, NULL))
        FROM usertype t JOIN pg_range r ON r.rngtypid = t.oid WHERE t.typtype = 'r'
        """;
}
