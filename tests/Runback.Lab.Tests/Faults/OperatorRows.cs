using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.Faults;

/// <summary>Two operators at once, a terminal that is gone, announcements that nobody takes.</summary>
internal static class OperatorRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new(Tier.Thorough, "nine more runs begin at once while one takes its backup", Scene.AppOnly, Moment.Begun("pg_dump"), new(FaultKind.OtherRun, Strike: trial => Task.WhenAll(Enumerable.Range(0, 9).Select(_ => SecondAsync(trial)))), 0),
        new(Tier.Thorough, "a second run begins while one exchanges the containers", Scene.AppOnly, Moment.Begun("up --detach*api"), new(FaultKind.OtherRun, Strike: SecondAsync), 0),
        new(Tier.Thorough, "the operator's terminal is closed while the release is pinned", Scene.AppOnly, Moment.Begun("sed -i"), Fault.HungUp, 4, 129),
        new(Tier.Thorough, "nobody reads what it says any more", Scene.AppOnly, Moment.Start, new(FaultKind.Unread, Prepare: trial => WrapAsync(trial, "exec \"$@\" 2> >(head -c 300 > /dev/null)")), 0) { IsUnheard = true },
        new(Tier.Thorough, "its output and its error stream are closed", Scene.AppOnly, Moment.Start, new(FaultKind.Unread, Prepare: trial => WrapAsync(trial, "build=$0; shift; exec \"$build\" \"$@\" >&- 2>&-", Path.Combine(Production.Root, "build.sh"))), 0) { IsUnheard = true },
        new(Tier.Thorough, "of four channels one is down, one is slow, one answers 500 and one sends elsewhere", Scene.AppOnly, Moment.Start, new(FaultKind.DeafChannels, Prepare: DeafChannelsAsync), 0) { Also = ToldAsync },
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task WrapAsync(Trial trial, string script, string name = "bash")
    {
        trial.Wrapper.AddRange(["bash", "-c", script, name]);
        return Task.CompletedTask;
    }

    private static async Task SecondAsync(Trial trial)
    {
        var second = await trial.Production.RunAsync(trial.Command());
        Assert.True(second.ExitCode == 6, second.ToString());
        Assert.Equal("Locked", second.Text("outcome"));
        Assert.Contains($"process {trial.Program.Id}", second.Complaint, StringComparison.Ordinal);
    }

    private static async Task DeafChannelsAsync(Trial trial)
    {
        var down = await FakeServer.StartAsync(200, "");
        var address = down.Address;
        await down.DisposeAsync();
        var slow = trial.With(await FakeServer.StartAsync((_, ending) => Task.Delay(Timeout.Infinite, ending)));
        var broken = trial.With(await FakeServer.StartAsync(500, "no"));
        var elsewhere = trial.With(await FakeServer.StartAsync((context, _) =>
        {
            context.Response.Redirect("http://127.0.0.2:9/taken");
            return Task.CompletedTask;
        }));
        trial.Extra.AddRange(["--announce-to", $"webhook {address}", $"slack {slow.Address}", $"teams {broken.Address}", $"discord {elsewhere.Address}"]);
    }

    private static Task ToldAsync(Trial trial, Ended ended)
    {
        var announcements = ended.Json["announcements"]!.AsArray();
        Assert.True(announcements.Count >= 4, ended.ToString());
        Assert.All(announcements, each => Assert.False(each!["delivered"]!.GetValue<bool>(), each.ToJsonString()));
        return Task.CompletedTask;
    }
}
