using System.Globalization;

namespace Runback.Lab.Tests.Faults;

/// <summary>All rows. A new one is added to the list of its theme.</summary>
internal static class FaultMatrix
{
    /// <summary>The fixed rows.</summary>
    public static IReadOnlyList<FaultRow> Rows { get; } =
        [.. KilledRows.All.Concat(EngineRows.All).Concat(RegistryRows.All).Concat(DatabaseRows.All).Concat(ReleaseRows.All).Concat(FileRows.All).Concat(OperatorRows.All).Concat(ClockRows.All)
            .OrderBy(row => Scene.Order(row.Scene))];

    /// <summary>The rows of this run of the tests: the fixed ones and <c>RUNBACK_FAULTS</c> random ones of <c>RUNBACK_FAULTS_SEED</c>; of those, the ones whose name holds a part that <c>RUNBACK_FAULT</c> names, parted by <c>|</c>.</summary>
    public static IReadOnlyList<FaultRow> Selected { get; } =
        [.. Rows.Concat(RandomRows.Of(Number("RUNBACK_FAULTS"), Number("RUNBACK_FAULTS_SEED")))
            .Where(row => (Environment.GetEnvironmentVariable("RUNBACK_FAULT") ?? "").Split('|').Any(part => row.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))];

    private static int Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
