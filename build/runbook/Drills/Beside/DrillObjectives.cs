using System.Text.Json.Serialization;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills.Beside;

/// <summary>What a rollback must not exceed, each in seconds; null where nothing is demanded.</summary>
/// <param name="RollbackSeconds">How long it may take, verification included (the recovery time objective).</param>
/// <param name="DataSeconds">How old the backup may be that the drill was held with (the recovery point objective).</param>
/// <param name="OutageSeconds">How long clients may be without an answer.</param>
public sealed record DrillObjectives(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? RollbackSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? DataSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? OutageSeconds)
{
    /// <summary>None.</summary>
    public static DrillObjectives None { get; } = new(null, null, null);

    /// <summary>Makes sure that each can be met.</summary>
    /// <exception cref="RunbookException">One is negative (outcome Usage).</exception>
    public void Check()
    {
        foreach (var (name, value) in ((string, double?)[])[("--objective-rollback", RollbackSeconds), ("--objective-data", DataSeconds), ("--objective-outage", OutageSeconds)])
        {
            if (value is < 0)
                throw RunbookException.Usage($"expected a number of seconds from 0 for {name}, found {value}", "give it on the command line or in the profile");
        }
    }

    /// <summary>Those that were missed, a sentence each.</summary>
    /// <param name="rollback">How long the rollback took, in seconds.</param>
    /// <param name="data">How old the backup was, in seconds.</param>
    /// <param name="outage">How long clients were without an answer, in seconds.</param>
    public IReadOnlyList<string> Missed(double rollback, double data, double outage)
    {
        var missed = new List<string>();
        if (rollback > RollbackSeconds)
            missed.Add($"rollback (RTO): at most {RollbackSeconds:0.##} s, took {rollback:0.0} s");
        if (data > DataSeconds)
            missed.Add($"data (RPO): a backup of at most {DataSeconds:0.##} s, used one of {data:0} s");
        if (outage > OutageSeconds)
            missed.Add($"outage: at most {OutageSeconds:0.##} s, found {outage:0.00} s");
        return missed;
    }
}
