using Runback.Runbook.Engines;

namespace Runback.Lab.Tests.Faults;

/// <summary>What must hold after every run of every row.</summary>
/// <param name="Sentence">What must hold.</param>
/// <param name="Complaint">What was found instead; null when it holds.</param>
internal sealed record Invariant(string Sentence, Func<Aftermath, Task<string?>> Complaint)
{
    public Invariant(string sentence, Func<Aftermath, string?> complaint)
        : this(sentence, aftermath => Task.FromResult(complaint(aftermath)))
    {
    }
}

/// <summary>All of them, in one list.</summary>
internal static class Invariants
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] NothingChanged = ["Refused", "Usage", "Locked"];

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("the exit code is right", after => after.ExitCodes.Contains(after.Ended.ExitCode) ? null : $"{after.Ended.ExitCode}, not {string.Join(" or ", after.ExitCodes)}"),
        new("the result is written, and says the exit code", Written),
        new("the last line says how it ended", Headline),
        new("what the result says was found and runs now is so", Releases),
        new("what the result says of the database is so", after =>
            after.Result?["database"]?["after"]?.AsArray().Select(each => each!.ToString()) is { } said && string.Join(',', said.Order(StringComparer.Ordinal)) is var joined && joined != after.Revision
                ? $"{joined} said, {after.Revision} there" : null),
        new("the application serves, unless the result says that a person must look", ServesAsync),
        new("every booking that a client was promised is in the database, or in a copy that a result names", KeptAsync),
        new("no container, network, database or lock is left", LeftoversAsync),
        new("no half file is left", Files),
        new("the env file is as it was but for the pin", EnvFile),
        new("the pin is what runs, so that a plain `docker compose up` changes nothing", Pinned),
        new("Status shows a half-done run exactly when there is one", Unfinished),
        new("a job that is finished ends on the release that was wanted", Wanted),
    ];

    /// <summary>Checks all, and names every one that doesn't hold.</summary>
    public static async Task CheckAsync(Aftermath after)
    {
        var broken = new List<string>();
        foreach (var invariant in All)
        {
            if (await invariant.Complaint(after) is { } complaint)
                broken.Add($"{invariant.Sentence}; found: {complaint}");
        }
        Assert.True(broken.Count == 0, $"{(after.IsFinish ? "after it was finished" : "after the fault")}, expected that\n  {string.Join("\n  ", broken)}\nexit code {after.Ended.ExitCode}\n{after.Ended.Said}");
    }

    private static string? Written(Aftermath after)
    {
        if (!after.IsOrderly)
            return null;
        if (after.Result is not { } result)
            return "none";
        var said = (result["exitCode"] ?? result["outcome"])?.ToString();
        // After a signal the process ends as the shell expects of it, where nothing had been changed.
        if (after.Ended.ExitCode < 128 && said != after.Ended.ExitCode.ToString())
            return $"{said} said, {after.Ended.ExitCode} given";
        return after.ResultFile is { } file && file["outcome"]!.ToString() != after.Outcome ? $"{file["outcome"]} in the file, {after.Outcome} printed" : null;
    }

    private static string? Headline(Aftermath after)
    {
        if (!after.IsOrderly || after.Result?["run"] is null || (after.Trial.Leg.IsUnheard && !after.IsFinish))
            return null;
        var wanted = after.Outcome switch
        {
            "Done" => after.To is { } to ? $"{to} runs" : "done",
            "Returned" => $"failed, and {after.From} runs again",
            "Failed" => "FAILED, a person must look",
            "Refused" or "Usage" or "Locked" => "nothing was changed",
            _ => "error: ",
        };
        return after.Ended.Said.Contains(wanted, StringComparison.Ordinal) ? null : $"no line with `{wanted}`";
    }

    private static string? Releases(Aftermath after)
    {
        var scene = after.Trial.Scene;
        if (!after.IsOrderly)
            return null;
        // Who finishes what a killed run began says what that one left, not what it found half-way.
        var takesUp = after.Trial.Leg.Finish == Finish.SameCommand && after.Trial.Row.Legs.Any(leg => leg.ExitCodes.Contains(137));
        if ((!after.IsFinish || takesUp) && after.From is { } from && from != scene.From)
            return $"it says that {from} ran before; it was {scene.From}";
        var running = string.Join(" and ", after.Running.Distinct());
        var allowed = after.Outcome switch
        {
            "Done" when after.To is { } to => [$"running {to}"],
            "Returned" => [$"running {after.From}"],
            { } outcome when NothingChanged.Contains(outcome) => [$"running {scene.From}"],
            _ => (string[])[$"running {scene.From}", $"running {scene.To}"],
        };
        return allowed.Contains(running) || (after.Trial.Leg.MayBeDown && after.Outcome is "Failed" or "Error") ? null : $"{running}, after {after.Outcome}";
    }

    private static async Task<string?> ServesAsync(Aftermath after)
    {
        if (!after.IsOrderly || (after.Trial.Leg.MayBeDown && !after.IsFinish && after.Outcome is "Failed" or "Error"))
            return null;
        return await after.Trial.Writes.GoesOnAsync(Patience) ? null : $"no booking was taken for {Patience.TotalSeconds:0} s";
    }

    private static async Task<string?> KeptAsync(Aftermath after)
    {
        if (!after.IsOrderly)
            return null;
        var missing = after.Trial.Writes.Acknowledged.ToHashSet(StringComparer.Ordinal);
        var promised = missing.Count;
        missing.ExceptWith(await BookedAsync(after, "cleaning"));
        // A copy that an earlier run of the row put aside was told of by that one.
        var gone = 0;
        foreach (var copy in after.Databases.Where(name => name != "cleaning" && after.Trial.Kept.Any(entry => entry.Contains(name, StringComparison.Ordinal))))
        {
            var left = missing.Count;
            missing.ExceptWith(await BookedAsync(after, copy));
            gone += after.Kept.Any(entry => entry.Contains(copy, StringComparison.Ordinal)) ? left - missing.Count : 0;
        }
        if (missing.Count > 0)
            return $"{missing.Count} of {promised} are gone, such as {missing.First()}";
        var said = after.Result?["rowsSince"]?["tables"]?.AsArray().Single(table => table!["table"]!.ToString() == "bookings")!["since"]!.GetValue<long>();
        return gone == 0 || said >= gone || after.Outcome != "Done" ? null : $"{gone} of {promised} are only in a copy, and the result speaks of {said?.ToString() ?? "none"}";
    }

    // A database that was put aside takes no connections; it is looked into, and left as it was.
    private static async Task<IEnumerable<string>> BookedAsync(Aftermath after, string database)
    {
        var look = $"psql -U postgres -d {database} -qAtXc \"SELECT address FROM bookings WHERE address LIKE '% Lane'\"";
        if (database != "cleaning")
            look = $"psql -U postgres -qXc 'ALTER DATABASE \"{database}\" ALLOW_CONNECTIONS true' && {look}; psql -U postgres -qXc 'ALTER DATABASE \"{database}\" ALLOW_CONNECTIONS false'";
        return (await after.Trial.Lab.InDatabaseAsync("sh", "-c", look)).Output.Split('\n');
    }

    // The engine removes by itself what it was told to remove at its end, a moment later.
    private static async Task<string?> LeftoversAsync(Aftermath after)
    {
        var found = after.IsOrderly ? await LeftAsync(after) : null;
        for (var until = DateTime.UtcNow + Eventually.EngineTidies; found is not null && DateTime.UtcNow < until; found = await LeftAsync(after))
            await Task.Delay(100, TestContext.Current.CancellationToken);
        return found;
    }

    private static async Task<string?> LeftAsync(Aftermath after)
    {
        var lab = after.Trial.Lab;
        var left = new List<string>();
        var containers = await EngineApi.Shared.ListAsync(TestContext.Current.CancellationToken);
        bool Has(ListedContainer container, string label, string value) => container.Labels.GetValueOrDefault(label) == value;
        var project = containers.Where(container => Has(container, "com.docker.compose.project", lab.Options.Name)).ToList();
        left.AddRange(
            from container in containers
            where (Has(container, "dev.runback.deployment", lab.Options.Name) && container.Labels.ContainsKey("dev.runback.scratch")) || container.Name == $"runback-lock-{lab.Options.Name}"
                || (project.Contains(container) && Has(container, "com.docker.compose.oneoff", "True"))
            select $"{container.Name} {container.State}");
        left.AddRange((await EngineApi.Shared.NetworksAsync(TestContext.Current.CancellationToken, $"dev.runback.deployment={lab.Options.Name}", "dev.runback.scratch")).Select(network => network.Name));
        // Two of one name are what a Compose leaves that was ended in the middle of an exchange.
        var services = project.Where(container => Has(container, "com.docker.compose.oneoff", "False")).Select(container => container.Labels["com.docker.compose.service"]);
        left.AddRange(services.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => $"{group.Count()} containers of {group.Key}"));
        left.AddRange(after.Databases.Where(name => name != "cleaning" && !after.Trial.Databases.Contains(name) && !after.Trial.Kept.Any(entry => entry.Contains(name, StringComparison.Ordinal)))
            .Select(name => $"the database {name}, which no result names"));
        return left.Count == 0 ? null : string.Join(", ", left);
    }

    private static string? Files(Aftermath after)
    {
        if (!after.IsOrderly)
            return null;
        var production = after.Trial.Production;
        var left = Directory.EnumerateFiles(production.Folder).Where(file => Path.GetFileName(file).StartsWith(".env.", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(production.Backups).Where(file => !file.EndsWith(".dump", StringComparison.Ordinal) && !file.EndsWith(".sha256", StringComparison.Ordinal) && !file.EndsWith(".json", StringComparison.Ordinal)))
            .Concat(Directory.EnumerateFiles(production.Backups, "*.dump").Where(dump => !File.Exists(dump + ".sha256")))
            .ToList();
        return left.Count == 0 ? null : string.Join(", ", left.Select(Path.GetFileName));
    }

    private static string? EnvFile(Aftermath after)
    {
        static string[] Others(string text) => [.. text.Split('\n').Where(line => !line.Contains("IMAGE_TAG", StringComparison.Ordinal))];
        var (before, now) = (Others(after.Trial.EnvBefore), Others(after.EnvFile));
        return before.SequenceEqual(now) ? null : $"{string.Join(" | ", now.Except(before))} instead of {string.Join(" | ", before.Except(now))}";
    }

    private static string? Pinned(Aftermath after)
    {
        if (!after.IsOrderly || after.Running.Distinct().ToList() is not [var one] || !one.StartsWith("running ", StringComparison.Ordinal))
            return null;
        var pin = new Runback.Runbook.Deployments.EnvFile(after.EnvFile)["IMAGE_TAG"]?.Split('@')[0];
        return one == $"running {pin}" ? null : $"{pin} pinned, {one}";
    }

    private static string? Unfinished(Aftermath after)
    {
        if (after.Trial.Leg.HasNoEnd && !after.IsFinish)
            return null;
        var (shown, there) = after.HalfDone switch
        {
            HalfDone.ThisRun => (after.Unfinished.Contains(after.Run!), after.Run),
            HalfDone.EarlierRun => (after.Unfinished.Count > 0, "an earlier one"),
            _ => (after.Unfinished.Count == 0, "none"),
        };
        return shown ? null : $"{(after.Unfinished.Count == 0 ? "none" : string.Join(", ", after.Unfinished))} shown, {there} there";
    }

    private static string? Wanted(Aftermath after)
    {
        if (!after.IsFinish)
            return null;
        var scene = after.Trial.Scene;
        var wanted = after.Trial.Leg.Finish == Finish.Return ? scene.From : scene.To;
        return after.Running.All(each => each == $"running {wanted}") ? null : $"{string.Join(" and ", after.Running)}, wanted {wanted}";
    }
}
