namespace Runback.Engine.Binding;

/// <summary>
/// The variables of the environment that a name is read from. Of one word (<c>TAG</c>, <c>SEED</c>, <c>OPEN</c>) it is anybody's, and what accepts or allows
/// something isn't said by accident: those are read with the prefix <c>NUKE_</c> only.
/// </summary>
internal static class VariableNames
{
    /// <summary>What stands before every name that is this build's alone.</summary>
    public const string Prefix = "NUKE_";

    private static readonly string[] Deliberate = ["ACCEPT_", "ALLOW_"];

    // Of several words, and other programs' all the same.
    private static readonly HashSet<string> Common =
    [
        "BACKUP_COMMAND", "BACKUP_DIRECTORY", "BACKUP_FILE", "BASE_URL", "COMPOSE_FILES", "DATABASE_NAME", "DATABASE_SERVICE", "DATABASE_USER", "ENV_FILE",
        "HEALTH_PATH", "HEALTH_TIMEOUT", "METRICS_PATH", "PROJECT_NAME", "READY_PATH", "SERVICE_PORT",
    ];

    /// <summary>Those of a name, the one that wins first.</summary>
    public static IReadOnlyList<string> Of(string name) =>
        NeedsPrefix(Naming.UpperSnake(name)) ? [Prefix + Naming.UpperSnake(name)] : [Prefix + Naming.UpperSnake(name), Naming.UpperSnake(name)];

    private static bool NeedsPrefix(string plain) =>
        !plain.Contains('_', StringComparison.Ordinal) || Common.Contains(plain) || Deliberate.Any(x => plain.StartsWith(x, StringComparison.Ordinal));
}
