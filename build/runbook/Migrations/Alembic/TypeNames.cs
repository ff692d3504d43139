using System.Globalization;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>SQLAlchemy's types as its PostgreSQL dialect writes them (SQLAlchemy manual, "Column and Data Types").</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, string> Plain = new(StringComparer.Ordinal)
    {
        ["Integer"] = "integer", ["INTEGER"] = "integer", ["INT"] = "integer", ["BigInteger"] = "bigint", ["BIGINT"] = "bigint",
        ["SmallInteger"] = "smallint", ["SMALLINT"] = "smallint", ["Boolean"] = "boolean", ["BOOLEAN"] = "boolean", ["Date"] = "date", ["DATE"] = "date",
        ["Text"] = "text", ["TEXT"] = "text", ["UnicodeText"] = "text", ["LargeBinary"] = "bytea", ["Binary"] = "bytea", ["BYTEA"] = "bytea",
        ["PickleType"] = "bytea", ["JSON"] = "json", ["JSONB"] = "jsonb", ["UUID"] = "uuid", ["Uuid"] = "uuid", ["Interval"] = "interval",
        ["INTERVAL"] = "interval", ["INET"] = "inet", ["CIDR"] = "cidr", ["MACADDR"] = "macaddr", ["MACADDR8"] = "macaddr8", ["HSTORE"] = "hstore",
        ["TSVECTOR"] = "tsvector", ["TSQUERY"] = "tsquery", ["CITEXT"] = "citext", ["CIText"] = "citext", ["OID"] = "oid", ["MONEY"] = "money",
        ["REGCLASS"] = "regclass", ["Double"] = "double precision", ["DOUBLE_PRECISION"] = "double precision", ["DOUBLE"] = "double precision",
        ["REAL"] = "real", ["INT4RANGE"] = "int4range", ["INT8RANGE"] = "int8range", ["NUMRANGE"] = "numrange", ["DATERANGE"] = "daterange",
        ["TSRANGE"] = "tsrange", ["TSTZRANGE"] = "tstzrange", ["INT4MULTIRANGE"] = "int4multirange", ["INT8MULTIRANGE"] = "int8multirange",
        ["NUMMULTIRANGE"] = "nummultirange", ["DATEMULTIRANGE"] = "datemultirange", ["TSMULTIRANGE"] = "tsmultirange", ["TSTZMULTIRANGE"] = "tstzmultirange",
    };

    /// <summary>A type that is used without being called: <c>sa.String</c>.</summary>
    internal static TypeValue? Of(Value? value) => value switch
    {
        TypeValue type => type,
        ModulePath path when Modules.IsSqlAlchemy(path.Path) => Of(path.Last, new CallArguments()),
        _ => null,
    };

    /// <summary>A type called with its arguments; null when the name is no type of SQLAlchemy's.</summary>
    internal static TypeValue? Of(string name, CallArguments arguments)
    {
        if (Plain.TryGetValue(name, out var plain))
            return new TypeValue(plain);
        switch (name)
        {
            case "String" or "VARCHAR" or "Unicode" or "NVARCHAR" or "AutoString":
                return Sized("varchar", arguments);
            case "CHAR" or "NCHAR":
                return Sized("char", arguments);
            case "BIT":
                return Sized(Values.Truth(arguments.Get("varying") ?? Constant.False) == false ? "bit" : "varbit", arguments);
            case "Numeric" or "NUMERIC" or "DECIMAL" or "Decimal":
                return Numeric(arguments);
            case "Float" or "FLOAT":
                return Values.AsInteger(arguments.Get(0, "precision")) switch
                {
                    null when arguments.Get(0, "precision") is null or Constant { Value: null } => new TypeValue("double precision"),
                    >= 1 and <= 24 => new TypeValue("real"),
                    > 24 and <= 53 => new TypeValue("double precision"),
                    _ => new TypeValue(null),
                };
            case "DateTime" or "TIMESTAMP" or "DATETIME" or "TIMESTAMPTZ":
                return Zoned("timestamp", arguments, always: name == "TIMESTAMPTZ");
            case "Time" or "TIME":
                return Zoned("time", arguments, always: false);
            case "ARRAY":
                {
                    var item = Of(arguments.Get(0, "item_type"));
                    return new TypeValue(item?.Text is { } text ? text + "[]" : null) { Item = item };
                }

            case "Enum" or "ENUM":
                return Enum(arguments);
            case "DOMAIN":
                return Domain(arguments);
            case "Vector" or "VECTOR" or "HALFVEC" or "SPARSEVEC":
                return Sized("vector", arguments);
            case "Geometry" or "Geography" or "Raster" or "UserDefinedType" or "TypeDecorator" or "NullType" or "TypeEngine" or "MatchType" or "Variant" or "SchemaType":
                return new TypeValue(null);
            case "UUIDType" or "GUID":
                return new TypeValue(null);
            default:
                return null;
        }
    }

    private static TypeValue Sized(string name, CallArguments arguments) => arguments.Get(0, "length", "dim") switch
    {
        null or Constant { Value: null } => arguments.Incomplete ? new TypeValue(null) : new TypeValue(name),
        Constant { Value: long length } => new TypeValue($"{name}({length.ToString(CultureInfo.InvariantCulture)})"),
        _ => new TypeValue(null),
    };

    private static TypeValue Numeric(CallArguments arguments)
    {
        var precision = arguments.Get(0, "precision");
        var scale = arguments.Get(1, "scale");
        if (precision is null or Constant { Value: null })
            return new TypeValue(arguments.Incomplete ? null : "numeric");
        if (Values.AsInteger(precision) is not { } digits)
            return new TypeValue(null);
        if (scale is null or Constant { Value: null })
            return new TypeValue(string.Create(CultureInfo.InvariantCulture, $"numeric({digits})"));
        return new TypeValue(Values.AsInteger(scale) is { } places ? string.Create(CultureInfo.InvariantCulture, $"numeric({digits},{places})") : null);
    }

    private static TypeValue Zoned(string name, CallArguments arguments, bool always)
    {
        var zone = always ? true : arguments.Get(0, "timezone") is { } given ? Values.Truth(given) : arguments.Incomplete ? null : false;
        var precision = arguments.Get(1, "precision");
        if (zone is null || (precision is not null && precision is not Constant { Value: long or null }))
            return new TypeValue(null);
        var digits = Values.AsInteger(precision) is { } count ? string.Create(CultureInfo.InvariantCulture, $"({count})") : "";
        return new TypeValue($"{name}{digits} {(zone.Value ? "with" : "without")} time zone");
    }

    private static TypeValue Domain(CallArguments arguments)
    {
        var name = SchemaValues.Named(Values.AsText(arguments.Get(0, "name")), arguments.Get("schema"));
        return new TypeValue(name?.ToString())
        {
            EnumName = name,
            UnknownEnum = name is null,
            Domain = new DomainDefinition(Of(arguments.Get(1, "data_type"))?.Text)
            {
                NotNull = arguments.Flag("not_null", otherwise: false, unknown: true),
                Default = SchemaValues.Default(arguments.Get("default")),
                Checks = arguments.Get("check") is { } check and not Constant { Value: null } ? [SchemaValues.Condition(check) ?? SchemaValues.UnknownDefault] : [],
            },
            CreatesType = arguments.Flag("create_type", otherwise: true, unknown: true),
        };
    }

    private static TypeValue Enum(CallArguments arguments)
    {
        var labels = Labels(arguments, out var className);
        var native = arguments.Flag("native_enum", otherwise: true, unknown: true);
        var checks = arguments.Flag("create_constraint", otherwise: false, unknown: true);
        if (!native)
        {
            var length = Values.AsInteger(arguments.Get("length")) ?? (labels?.Count > 0 ? labels.Max(label => label.Length) : null);
            return new TypeValue(length is { } known ? string.Create(CultureInfo.InvariantCulture, $"varchar({known})") : null)
            {
                Labels = labels ?? [], ChecksValues = checks,
            };
        }

        var name = arguments.Get("name") is { } given ? Values.AsText(given) : className;
        return new TypeValue(name)
        {
            EnumName = name is null ? null : SchemaValues.Named(name, arguments.Get("schema")),
            UnknownEnum = name is null,
            Labels = labels ?? [],
            CreatesType = arguments.Flag("create_type", otherwise: true, unknown: true),
        };
    }

    private static ValueList<string>? Labels(CallArguments arguments, out string? className)
    {
        className = null;
        if (arguments.Positional is [Class { IsEnum: true } type])
        {
            className = type.Name.ToLowerInvariant();
            var values = arguments.Named.ContainsKey("values_callable");
            var members = Values.Items(type, out _).OfType<Instance>().Select(member => Values.AsText(member.Fields[values ? "value" : "name"])).ToList();
            return members.TrueForAll(member => member is not null) ? members.Select(member => member!).ToValueList() : null;
        }

        if (arguments.Incomplete)
            return null;
        var labels = arguments.Positional.ConvertAll(Values.AsText);
        return labels.TrueForAll(label => label is not null) ? labels.Select(label => label!).ToValueList() : null;
    }
}
