namespace Runback.Runbook.Migrations.Alembic;

/// <summary>What is known of imported modules by their names.</summary>
internal static class Modules
{
    /// <summary>Modules of Python's library (and a few pure ones) whose functions can't touch the database unless they are handed something that can.</summary>
    private static readonly HashSet<string> Harmless =
    [
        "abc", "argparse", "ast", "asyncio", "base64", "binascii", "bisect", "builtins", "calendar", "collections", "colorsys", "contextlib", "copy",
        "csv", "dataclasses", "datetime", "decimal", "difflib", "enum", "errno", "fractions", "functools", "getpass", "glob", "gzip", "hashlib", "heapq",
        "hmac", "html", "inspect", "io", "ipaddress", "itertools", "json", "locale", "logging", "math", "numbers", "operator", "os", "pathlib", "pickle",
        "platform", "pprint", "random", "re", "secrets", "shutil", "socket", "statistics", "string", "struct", "sys", "tempfile", "textwrap", "threading", "time",
        "traceback", "types", "typing", "typing_extensions", "unicodedata", "urllib", "uuid", "warnings", "weakref", "zipfile", "zlib", "zoneinfo", "__future__",
        "pytz", "dateutil", "simplejson", "orjson", "tqdm", "structlog", "loguru", "bcrypt", "passlib", "cryptography", "yaml", "packaging", "slugify", "click",
        "six", "ulid", "nanoid",
    ];

    /// <summary>Functions of harmless modules that run other code.</summary>
    internal static bool RunsCode(ModulePath path) => path.Path is
        "os.system" or "os.popen" or "os.execv" or "os.execvp" or "os.spawnl" or "os.spawnv" or "builtins.exec" or "builtins.eval" or "builtins.__import__"
        or "builtins.globals" or "builtins.locals" or "builtins.vars" or "builtins.compile" or "pickle.load" or "pickle.loads" or "sys.exit" or "os._exit"
        or "builtins.exit" or "builtins.quit";

    /// <summary>Functions of harmless modules that only look at what they are given.</summary>
    internal static bool OnlyLooks(ModulePath path) =>
        path.IsUnder("logging") || path.IsUnder("warnings") || path.IsUnder("typing") || path.IsUnder("loguru") || path.IsUnder("structlog")
        || path.Path is "builtins.print" or "builtins.isinstance" or "builtins.issubclass" or "builtins.type" or "builtins.len" or "builtins.id" or "builtins.repr"
            or "builtins.str" or "builtins.hasattr" or "builtins.bool" or "builtins.callable" or "builtins.hash";

    /// <summary>Functions of harmless modules that change what they are given first.</summary>
    internal static bool ChangesItsArgument(ModulePath path) => path.Path is
        "random.shuffle" or "heapq.heappush" or "heapq.heappop" or "heapq.heapify" or "heapq.heapreplace" or "heapq.heappushpop" or "bisect.insort" or "bisect.insort_left"
        or "bisect.insort_right" or "operator.setitem" or "operator.delitem" or "operator.iadd" or "operator.ior" or "operator.iconcat" or "operator.iand" or "operator.isub"
        or "operator.ixor" or "operator.imul";

    /// <summary>Functions whose result may be, or give, what they were given.</summary>
    internal static bool PassesOn(ModulePath path) =>
        (Root(path.Path) is "itertools" or "functools" or "collections" or "operator" or "heapq" or "copy" or "contextlib" or "weakref" or "types" or "dataclasses" or "asyncio"
            or "tqdm" or "six" or "typing" or "typing_extensions" or "random")
        || path.Path is "builtins.vars" or "builtins.super" or "builtins.property" or "builtins.slice" or "builtins.memoryview" or "builtins.object" or "inspect.getmembers";

    internal static bool IsHarmless(ModulePath path) => Harmless.Contains(Root(path.Path));

    /// <summary>SQLAlchemy and packages that only add types and expressions to it.</summary>
    internal static bool IsSqlAlchemy(string path) => Root(path) is "sqlalchemy" or "sqlmodel" or "geoalchemy2" or "pgvector" or "sqlalchemy_utils" or "citext"
        or "sqlalchemy_json" or "advanced_alchemy" or "fastapi_users_db_sqlalchemy" or "oslo_db" or "flask_sqlalchemy";

    internal static bool IsKnown(string path) => IsSqlAlchemy(path) || Root(path) is "alembic" || Harmless.Contains(Root(path));

    private static string Root(string path)
    {
        var dot = path.IndexOf('.');
        return dot < 0 ? path : path[..dot];
    }
}
