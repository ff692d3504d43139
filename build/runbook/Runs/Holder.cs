using System.Text.Json;

namespace Runback.Runbook.Runs;

/// <summary>Who holds a deployment.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Target">What it does.</param>
/// <param name="User">Who started it.</param>
/// <param name="Host">From which host.</param>
/// <param name="ProcessId">Its process there.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="Job">The CI job's address, or null.</param>
public sealed record Holder(string Run, string Target, string User, string Host, int ProcessId, DateTimeOffset Since, string? Job)
{
    /// <summary>This process as the holder.</summary>
    public static Holder Of(string run, string target) => new(
        run, target, Environment.UserName, Environment.MachineName, Environment.ProcessId, DateTimeOffset.UtcNow, JobAddress());

    /// <summary>The holder as a label's value.</summary>
    public string ToLabel() => JsonSerializer.Serialize(this);

    /// <summary>Reads a label's value; null when it isn't one.</summary>
    public static Holder? FromLabel(string? label)
    {
        try
        {
            return string.IsNullOrEmpty(label) ? null : JsonSerializer.Deserialize<Holder>(label);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The holder in a line.</summary>
    public override string ToString() =>
        $"{Target} (run {Run}) by {User}@{Host}, process {ProcessId}, since {Since:yyyy-MM-dd HH:mm:ss} UTC{(Job is null ? "" : $", {Job}")}";

    private static string? JobAddress()
    {
        var server = Environment.GetEnvironmentVariable("GITHUB_SERVER_URL");
        var run = Environment.GetEnvironmentVariable("GITHUB_RUN_ID");
        return server is not null && run is not null
            ? $"{server}/{Environment.GetEnvironmentVariable("GITHUB_REPOSITORY")}/actions/runs/{run}"
            : Environment.GetEnvironmentVariable("CI_JOB_URL");
    }
}
