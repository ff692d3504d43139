namespace Runback.Lab.Benchmark;

/// <summary>One rollback, as it was measured from outside.</summary>
public sealed record Measurement
{
    /// <summary>From the start of its process to its end, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The process's exit code; 0 is success.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What went wrong, or null.</summary>
    public string? Complaint { get; init; }

    /// <summary>From the first probe that nobody served to the answer to the first one after the last such probe, in seconds.</summary>
    public double OutageSeconds { get; init; }

    /// <summary>Probes that nobody served.</summary>
    public int FailedProbes { get; init; }

    /// <summary>Probes sent.</summary>
    public int Probes { get; init; }

    /// <summary>The database's size, in bytes.</summary>
    public long DatabaseBytes { get; init; }

    /// <summary>How long each step took, in seconds.</summary>
    public IReadOnlyDictionary<string, double> Steps { get; init; } = new Dictionary<string, double>();

    /// <summary>The most memory that the process held at once, in bytes (VmHWM of proc(5)); null where that can't be read. Its child processes aren't in it.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>Whether it succeeded.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>Megabytes (10^6 bytes) of database in a second of a step, or null when that step wasn't measured.</summary>
    public double? Rate(string step) => Steps.GetValueOrDefault(step) is > 0 and var seconds ? DatabaseBytes / 1e6 / seconds : null;
}
