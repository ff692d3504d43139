using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>
/// Looks at the functions that a query calls: one that is not known could do anything, so its statement is not harmless.
/// The known ones are PostgreSQL's own (manual, chapter 9) that neither write nor signal.
/// </summary>
internal static class FunctionCalls
{
    // Key words that stand before a parenthesis without being a call.
    private static readonly HashSet<string> KeyWords = Words(
        """
        and or not in exists any some all values select from where on using as over filter group by then when else case between array row
        distinct union except intersect with limit offset returning set like ilike similar to is isnull notnull lateral join left right full
        inner outer cross natural having end materialized order partition range rows groups only conflict do update insert into fetch window
        interval grouping sets rollup cube tablesample bernoulli system collate escape symmetric default operator
        """);

    private static readonly HashSet<string> Known = Words(
        """
        abs age array_agg array_append array_cat array_fill array_length array_lower array_ndims array_position array_positions array_prepend
        array_remove array_replace array_to_json array_to_string array_to_tsvector array_upper ascii avg bit_and bit_length bit_or bool_and bool_or
        btrim cardinality cast cbrt ceil ceiling char_length character_length chr clock_timestamp coalesce concat concat_ws convert convert_from
        convert_to count crypt cume_dist current_database current_schema current_schemas current_setting current_user currval date date_bin date_part
        date_trunc decode degrees dense_rank digest div encode enum_first enum_last enum_range every exp extract factorial first_value
        floor format format_type gcd gen_random_bytes gen_random_uuid gen_salt generate_series generate_subscripts get_byte greatest has_schema_privilege
        has_table_privilege hashtext hmac initcap inet_merge isfinite json_agg json_array_elements json_array_elements_text json_array_length
        json_build_array json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object json_object_agg
        json_object_keys json_populate_record json_strip_nulls json_to_record json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text
        jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_exists jsonb_extract_path jsonb_extract_path_text
        jsonb_insert jsonb_object jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_query jsonb_path_query_array
        jsonb_path_query_first jsonb_populate_record jsonb_set jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof justify_days
        justify_hours justify_interval lag last_value lcm lead least left length ln log lower lpad ltrim make_date make_interval make_time
        make_timestamp make_timestamptz max md5 min mod mode now nextval nth_value ntile nullif num_nonnulls num_nulls numeric octet_length overlay
        parse_ident percent_rank percentile_cont percentile_disc pg_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_column_size
        pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_serial_sequence pg_get_viewdef pg_get_functiondef pg_relation_size pg_size_pretty
        pg_table_is_visible pg_total_relation_size pg_try_advisory_lock pg_try_advisory_xact_lock pg_type_is_visible pg_typeof plainto_tsquery position
        power quote_ident quote_literal quote_nullable radians random rank regexp_count regexp_match regexp_matches regexp_replace regexp_split_to_array
        regexp_split_to_table regexp_substr repeat replace reverse right round row_number row_to_json rpad rtrim setweight sha224 sha256 sha384 sha512
        sign split_part sqrt starts_with statement_timestamp stddev string_agg string_to_array string_to_table strip strpos substr substring sum
        text timezone timestamp timestamptz time to_ascii to_char to_date to_hex to_json to_jsonb to_number to_regclass to_regtype to_timestamp
        to_tsquery to_tsvector transaction_timestamp translate treat trim trunc txid_current unaccent unnest upper uuid_generate_v1 uuid_generate_v4
        uuid_nil uuidv4 uuidv7 variance version varchar websearch_to_tsquery width_bucket xmlagg xmlelement
        int int4 int8 bigint float8 decimal char character bool json jsonb uuid
        """);

    /// <summary>True for a function of PostgreSQL's own that only computes.</summary>
    public static bool OnlyComputes(string function) => Known.Contains(function);

    /// <summary>Adds <see cref="Unknown"/> for each call of a function that is not known, and what the few that matter do.</summary>
    public static void Judge(StatementReader reader, IReadOnlyList<Token> part)
    {
        foreach (var (index, name) in Calls(part))
        {
            if (name == "setval")
                reader.Add(new SequenceValueSet(Argument(part, index)));
            else if (name == "set_config" && Argument(part, index) is { Name: var setting } && (setting != "search_path" || IsCleared(part, index)))
                reader.Add(new Harmless($"set {setting}"));
            else if (!Known.Contains(name))
                reader.Add(new Unknown($"{name}(…)", "the query calls a function that is not known to only compute"));
        }
    }

    /// <summary>The calls in an expression: the index of each name, and the name.</summary>
    public static IEnumerable<(int Index, string Name)> Calls(IReadOnlyList<Token> part)
    {
        var distinctOn = part.Any(token => token.IsWord("distinct"));
        for (var i = 0; i + 1 < part.Count; i++)
        {
            if (!part[i].IsName || !part[i + 1].Is("(") || (part[i].Kind == TokenKind.Word && KeyWords.Contains(part[i].Value) && !Known.Contains(part[i].Value)))
                continue;
            var previous = i > 0 ? part[i - 1] : default;
            // A type with a length (x::varchar(20), CAST(x AS numeric(8, 2))) or an alias with columns (AS v(a, b)).
            if (previous.Is("::") || previous.IsWord("as") || (previous.Is(")") && !distinctOn))
                continue;
            var qualifier = previous.Is(".") && i > 1 ? part[i - 2].Value : null;
            yield return (i, qualifier is null or "pg_catalog" or "public" ? part[i].Value : $"{qualifier}.{part[i].Value}");
        }
    }

    private static ObjectName? Argument(IReadOnlyList<Token> part, int call) =>
        call + 2 < part.Count && part[call + 2].Kind == TokenKind.String ? Named(part[call + 2].Value) : null;

    private static ObjectName Named(string text) =>
        text.Replace("\"", "", StringComparison.Ordinal).Split('.') is [var schema, var name] ? ObjectName.Of(name, schema) : ObjectName.Of(text);

    // pg_dump's own scripts clear the search path and then qualify every name.
    private static bool IsCleared(IReadOnlyList<Token> part, int call) =>
        call + 4 < part.Count && part[call + 4] is { Kind: TokenKind.String, Value: "" };

    private static HashSet<string> Words(string words) =>
        words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
}
