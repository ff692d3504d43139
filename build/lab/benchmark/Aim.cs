namespace Runback.Lab.Benchmark;

/// <summary>What Runback wants to reach, and what was measured. An aim is reported, never enforced: a slow machine is no fault.</summary>
/// <param name="Name">What is wanted.</param>
/// <param name="Measured">What was measured, in words.</param>
/// <param name="Met">Whether it was reached; null when it wasn't measured.</param>
public sealed record Aim(string Name, string Measured, bool? Met)
{
    /// <summary>A rollback's time, at most this part of the time by hand.</summary>
    public const double TimeRatio = 0.7;

    /// <summary>Outage, at most so many seconds.</summary>
    public const double OutageSeconds = 1.5;

    /// <summary>The dump's rate, at least so many times the script's, at the largest size.</summary>
    public const double DumpRatio = 3;

    /// <summary>Memory, less than so many bytes.</summary>
    public const double PeakBytes = 150e6;

    /// <summary>Start-up, at most so many seconds.</summary>
    public const double StartSeconds = 0.2;

    /// <summary>Holds the measurements against every aim. Adding one is adding a line here.</summary>
    public static IReadOnlyList<Aim> Judge(IReadOnlyList<SizeResult> sizes, StartUp startUp) =>
    [
        .. sizes.Select(size => AtMost($"time at {size.Megabytes} MB: at most {TimeRatio} of by hand", size.TimeRatio, TimeRatio, value => $"{value:0.00}")),
        .. sizes.Select(size => AtMost($"outage at {size.Megabytes} MB: at most {OutageSeconds} s", size.Runback.Outage?.Median, OutageSeconds,
            value => $"{value:0.00} s (by hand {size.ByHand.Outage?.Median:0.00} s)")),
        .. sizes.TakeLast(1).Select(size => AtLeast($"dump at {size.Megabytes} MB: at least {DumpRatio} times the script's rate", size.DumpRatio, DumpRatio)),
        AtMost("memory: less than 150 MB", sizes.Select(size => size.Runback.Peak?.Highest).Max(), PeakBytes, value => $"{value / 1e6:0} MB"),
        AtMost($"start-up of --help: at most {StartSeconds} s", startUp.Help?.Median, StartSeconds, value => $"{value:0.000} s"),
        AtMost($"start-up of a target that does nothing: at most {StartSeconds} s", startUp.Nothing?.Median, StartSeconds, value => $"{value:0.000} s"),
    ];

    private static Aim AtMost(string name, double? value, double limit, Func<double, string> text) =>
        value is { } measured ? new Aim(name, text(measured), measured <= limit) : new Aim(name, "not measured", null);

    private static Aim AtLeast(string name, double? value, double limit) =>
        value is { } measured ? new Aim(name, $"{measured:0.0} times", measured >= limit) : new Aim(name, "not measured", null);
}
