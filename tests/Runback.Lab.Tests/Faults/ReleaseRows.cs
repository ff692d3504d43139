using System.Net;
using System.Net.Sockets;

namespace Runback.Lab.Tests.Faults;

/// <summary>The release that is rolled back to doesn't work, for every reason that the lab can produce.</summary>
internal static class ReleaseRows
{
    private const string PortFile = "port.yml";

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new(Tier.Thorough, "the release never gets ready: its heartbeat is missing", Scene.NeverReady, Moment.Start, Fault.None, 4) { Finish = Finish.Nothing },
        new(Tier.Thorough, "the release is ready, and crashes a little later", Scene.Crashing, Moment.Start, Fault.None, 4) { Finish = Finish.Nothing },
        new(Tier.Thorough, "the workers end while the release is verified", Scene.AppOnly, Moment.Step("Verify"), new(FaultKind.WorkersEnd, Strike: trial => Trial.ShellAsync("docker", "kill", $"{trial.Lab.Options.Name}-jobs-1")), 4) { More = ["--settle-time", "20"] },
        new(Tier.Thorough, "the database goes away while the release is verified", Scene.AppOnly, Moment.Step("Verify"),
            new(FaultKind.DatabaseGone, Strike: trial => Trial.ShellAsync("docker", "stop", "--time", "0", $"{trial.Lab.Options.Name}-db-1"), Mend: StartDatabaseAsync), 4, 5) { MayBeDown = true },
        new(Tier.Thorough, "the port that the api is to have is taken", Scene.AppOnly, Moment.Start, new(FaultKind.PortTaken, Prepare: TakePortAsync, Mend: FreePortAsync), 4, 5)
        {
            MayBeDown = true, More = ["--compose-files", "docker-compose.yml", PortFile, "--accept-drift"],
        },
    ];

    private static async Task StartDatabaseAsync(Trial trial)
    {
        await trial.Lab.Compose("up", "--detach", "--wait", "db");
        while ((await trial.Lab.QueryAsync("SELECT 1")) != "1")
            await Task.Delay(200, TestContext.Current.CancellationToken);
    }

    private static Task TakePortAsync(Trial trial)
    {
        trial.Taken = new TcpListener(IPAddress.Loopback, 0);
        trial.Taken.Start();
        var port = ((IPEndPoint)trial.Taken.LocalEndpoint).Port;
        File.WriteAllText(Path.Combine(trial.Production.Folder, PortFile), $"services:\n  api:\n    ports: [\"127.0.0.1:{port}:8000\"]\n");
        return Task.CompletedTask;
    }

    private static Task FreePortAsync(Trial trial)
    {
        trial.Taken?.Stop();
        return Task.CompletedTask;
    }
}
