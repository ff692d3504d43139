using System.Globalization;

namespace Runback.Lab.Tests.Faults;

/// <summary>All rows. A new one is added to the list of its theme.</summary>
internal static class FaultMatrix
{
    /// <summary>The fixed rows.</summary>
    public static IReadOnlyList<FaultRow> Rows { get; } =
        [.. GuardingRows.All.Concat(KilledRows.All).Concat(EngineRows.All).Concat(RegistryRows.All).Concat(DatabaseRows.All).Concat(ReleaseRows.All).Concat(FileRows.All).Concat(OperatorRows.All).Concat(ClockRows.All)
            .OrderBy(row => Scene.Order(row.Scene))];

    /// <summary>The rows of this run of the tests: the fixed ones and <c>RUNBACK_FAULTS</c> random ones of <c>RUNBACK_SEED</c>.</summary>
    public static IReadOnlyList<FaultRow> Selected { get; } =
        [.. Rows.Concat(RandomRows.Of(Number("RUNBACK_FAULTS"), Number("RUNBACK_SEED")))];

    private static int Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
