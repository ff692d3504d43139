namespace Runback.Lab.Tests.Faults;

/// <summary>The clock of the operator's machine is wrong, or is set while the program runs; the one that measures time isn't.</summary>
internal static class ClockRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new(Tier.Thorough, "the clock is set back an hour while the backup is taken", Scene.AppOnly, Moment.Begun("pg_dump"), Stepped("+0", "-3600"), 0),
        new(Tier.Thorough, "the clock is set forward an hour while the containers are exchanged", Scene.AppOnly, Moment.Begun("up --detach*api"), Stepped("+0", "+3600"), 0),
        new(Tier.Thorough, "the clock was an hour fast when the program was killed, and is right again", Scene.AppOnly, Moment.Done("sed -i"), Stepped("+3600", null), 137),
        new(Tier.Thorough, "the clock was an hour slow when the program was killed, and is right again", Scene.AppOnly, Moment.Done("sed -i"), Stepped("-3600", null), 137),
    ];

    // The library's own names, see faketime(1).
    private static Fault Stepped(string before, string? after) => new(
        FaultKind.ClockWrong,
        Prepare: trial =>
        {
            var clock = trial.Clock = trial.With(new Clock(before));
            trial.Wrapper.AddRange(["env", $"LD_PRELOAD={Clock.Library()}", $"FAKETIME_TIMESTAMP_FILE={clock.File}", "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"]);
            return Task.CompletedTask;
        },
        Strike: trial =>
        {
            if (after is null)
                return trial.KillAsync();
            trial.Clock!.Set(after);
            return Task.CompletedTask;
        });
}
