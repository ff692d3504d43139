using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.Faults;

/// <summary>What is rolled back, and how.</summary>
/// <param name="Name">The strategy, as a row's sentence says it.</param>
/// <param name="From">The release that runs.</param>
/// <param name="To">The release that is asked for.</param>
/// <param name="Revision">The database's revision afterwards.</param>
/// <param name="Arguments">The command.</param>
/// <param name="Changes">A part of the command of each change that a run without a fault makes, unlike the others.</param>
internal sealed record Scene(string Name, string From, string To, string Revision, IReadOnlyList<string> Arguments, IReadOnlyList<string> Changes)
{
    /// <summary>Stands for the backup's path in the arguments.</summary>
    public const string Point = "{point}";

    /// <summary>The application goes back, the database stays.</summary>
    public static Scene AppOnly { get; } = new(
        "an app-only rollback", Production.Bad, Production.Good, Production.KeptRevision, ["Rollback", "--tag", Production.Good],
        ["yml stop*jobs", "pg_dump", "sed -i", "up --detach*api", "up --detach*jobs"]);

    /// <summary>The application goes back to the first release, which the host hasn't.</summary>
    public static Scene Older { get; } = new(
        "an app-only rollback to an old release", Production.Good, "2025-12-01-rc1", Production.GoodRevision, ["Rollback", "--tag", "2025-12-01-rc1"], []);

    /// <summary>A breaking migration is undone.</summary>
    public static Scene Downgrade { get; } = new(
        "a downgrade", Production.Breaking, Production.Good, Production.GoodRevision, Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss"),
        ["pg_dump", "yml stop*jobs", "yml stop*api", "alembic downgrade", "sed -i", "up --detach*api", "up --detach*jobs"]);

    /// <summary>A backup from before a breaking migration takes the database's place.</summary>
    public static Scene Restore { get; } = new(
        "a restore", Production.Breaking, Production.Good, Production.GoodRevision, Production.Rollback(Production.Good, "Restore", "--accept-data-loss", "--point", Point),
        [
            "pg_dump", "set -C", "CREATE DATABASE", "pg_restore", "vacuumdb", "stage*Ready", "rm -f",
            "yml stop*jobs", "yml stop*api", "setval", "RENAME TO", "sed -i", "up --detach*api", "up --detach*jobs",
        ]);

    /// <summary>To a release that never gets ready.</summary>
    public static Scene NeverReady { get; } = new(
        "a rollback to a release that never gets ready", Production.Good, Production.NeverReady, Production.GoodRevision,
        ["Rollback", "--tag", Production.NeverReady, "--health-timeout", "8"], []);

    /// <summary>To a release that crashes after a while.</summary>
    public static Scene Crashing { get; } = new(
        "a rollback to a release that crashes", Production.Good, Production.Crashing, Production.GoodRevision,
        ["Rollback", "--tag", Production.Crashing, "--settle-time", "25"], []);

    /// <summary>Whether the database is brought back.</summary>
    public bool IsEmergency => this == Downgrade || this == Restore;

    /// <summary>The three strategies.</summary>
    public static IReadOnlyList<Scene> Strategies { get; } = [AppOnly, Downgrade, Restore];

    /// <summary>The order in which scenes follow each other with the least to bring about in between.</summary>
    public static int Order(Scene scene) => ((IReadOnlyList<Scene>)[AppOnly, NeverReady, Crashing, Older, Downgrade, Restore]).Index().Single(each => each.Item == scene).Index;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
