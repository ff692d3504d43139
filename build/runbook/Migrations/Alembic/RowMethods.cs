namespace Runback.Runbook.Migrations.Alembic;

/// <summary>Methods of what the attributes of a row hold, by their names: text, numbers, times, lists, sets and dicts.</summary>
internal static class RowMethods
{
    /// <summary>They give back something that is, or is in, the very object: changing that changes the row.</summary>
    internal static bool Reach(string name) => name is
        "get" or "items" or "values" or "copy" or "__getitem__" or "__iter__" or "__dict__" or "all" or "first" or "one" or "one_or_none" or "filter" or "filter_by"
        or "order_by" or "limit" or "offset" or "_asdict" or "_mapping" or "_tuple" or "tuple" or "union" or "difference" or "intersection" or "symmetric_difference"
        or "__enter__";

    /// <summary>They compute something new from it.</summary>
    internal static bool OnlyCompute(string name) => IsOfText(name) || name is
        "keys" or "count" or "index" or "isdisjoint" or "issubset" or "issuperset" or "__len__" or "__contains__" or "__eq__" or "__ne__" or "__lt__" or "__gt__" or "__str__"
        or "__repr__" or "__hash__" or "__format__" or "__bool__" or "isoformat" or "strftime" or "strptime" or "astimezone" or "timestamp" or "date" or "time" or "timetz"
        or "timetuple" or "utctimetuple" or "weekday" or "isoweekday" or "isocalendar" or "toordinal" or "utcoffset" or "tzname" or "dst" or "total_seconds" or "ctime"
        or "quantize" or "normalize" or "to_integral_value" or "to_integral" or "as_tuple" or "is_nan" or "is_zero" or "is_integer" or "as_integer_ratio" or "bit_length"
        or "to_bytes" or "conjugate" or "compare" or "copy_abs" or "sqrt" or "ln" or "log10" or "hexdigest" or "digest" or "hex" or "tobytes" or "model_dump" or "model_copy"
        or "tolist";

    private static bool IsOfText(string name) => name is
        "lower" or "upper" or "strip" or "lstrip" or "rstrip" or "split" or "rsplit" or "splitlines" or "partition" or "rpartition" or "replace" or "startswith" or "endswith"
        or "join" or "format" or "format_map" or "encode" or "decode" or "title" or "capitalize" or "casefold" or "swapcase" or "zfill" or "center" or "ljust" or "rjust"
        or "expandtabs" or "translate" or "find" or "rfind" or "rindex" or "removeprefix" or "removesuffix" or "isdigit" or "isalpha" or "isalnum" or "isnumeric"
        or "isdecimal" or "isspace" or "isupper" or "islower" or "istitle" or "isidentifier" or "isprintable" or "isascii" or "maketrans";
}
