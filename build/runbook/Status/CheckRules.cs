using Runback.Runbook.Deployments;

namespace Runback.Runbook.Status;

/// <summary>What is no gate, and decides all the same how a rollback goes. It reads nothing itself.</summary>
internal static class CheckRules
{
    /// <summary>Judges what was observed.</summary>
    public static IEnumerable<CheckFinding> Of(Situation situation, DeploymentStatus status)
    {
        if (status.Holder is { } holder)
            yield return new CheckFinding("held by", Grade.WouldRefuse, $"{holder}", "--wait 10m waits for it");
        if (status.UnfinishedRuns.Count > 0)
            yield return new CheckFinding("unfinished", Grade.Warning, $"{string.Join(", ", status.UnfinishedRuns)} began to change something and never ended", "./build.sh Return, or its own command again");
        yield return status.Serves ? new CheckFinding("serves", Grade.Ok, $"{status.Health} at {situation.Health.Url}")
            : new CheckFinding("serves", Grade.Warning, $"the application doesn't serve now: {status.Health} at {situation.Health.Url}; {string.Join(", ", status.Services.Select(service => $"{service.Service}: {service.Condition}"))}", "a rollback is verified there: see that --base-url and --health-path are right");
        yield return Readiness(situation);
        yield return status.RunsWhatIsPinned ? new CheckFinding("pin", Grade.Ok, $"{status.Pin}, and it runs")
            : new CheckFinding("pin", Grade.Warning, status.Pin is null ? "no release is pinned in the env file: a plain `docker compose up` decides by itself what runs" : $"{status.Pin}, and something else runs: a plain `docker compose up` would exchange it", "write the tag of what runs into the env file");
        if (situation.PinnedTag is { } tag && Releases.Tag.TryParse(tag, out var parsed) && parsed.Moves)
            yield return new CheckFinding("pin", Grade.Warning, $"`{tag}` stands for another image with every build: nobody can say what ran before", "deploy by a tag that names one release");
        yield return status.Backup is { } backup ? new CheckFinding("backup", Grade.Ok, $"{Path.GetFileName(backup.File)}, verified {backup.Level}")
            : new CheckFinding("backup", Grade.Warning, "none that was verified: a rollback takes its own, and a restore would have nothing to lead to", "./build.sh Backup VerifyBackup");
    }

    /// <summary>Judges whether a release can be brought onto the host.</summary>
    public static CheckFinding OfRelease(string tag, bool isOnHost, string registry, bool canBePulled, string? detail) =>
        isOnHost ? new CheckFinding("target", canBePulled ? Grade.Ok : Grade.Warning, $"{tag} is on this host; registry: {registry}{(detail is null ? "" : $" ({detail})")}", "the image on this host is the only one that is known: keep it from pruning")
        : canBePulled ? new CheckFinding("target", Grade.Ok, $"{tag} can be pulled; its migrations aren't judged before that")
        : new CheckFinding("target", Grade.WouldRefuse, $"{tag} is neither on this host nor to be pulled; registry: {registry}{(detail is null ? "" : $" ({detail})")}", "./build.sh Releases lists what there is");

    /// <summary>
    /// Judges the database's own health check: an engine that ends one at its time limit kills the shell only, what that had started becomes a child of process 1, and
    /// PostgreSQL as process 1 takes its end for that of a crashed child and restarts.
    /// </summary>
    public static IEnumerable<CheckFinding> OfHealthChecks(ComposeProject project, Deployment deployment)
    {
        if (!project.Services.TryGetValue(deployment.DatabaseService, out var database) || database.HealthTest.Count == 0)
            yield break;
        var (form, test) = (database.HealthTest[0], string.Join(' ', database.HealthTest.Skip(1)));
        if (form == "CMD-SHELL" && test.Contains("pg_isready", StringComparison.Ordinal))
        {
            yield return new CheckFinding("health check", Grade.Warning, $"{database.Name} is asked through a shell: CMD-SHELL {test}. Where the engine ends that at its time limit, PostgreSQL takes the orphan's end for a crash, and restarts",
                $"without a shell: test: [\"CMD\", {string.Join(", ", Exec(test, database).Select(word => $"\"{word}\""))}]");
        }
        else
        {
            yield return new CheckFinding("health check", Grade.Ok, $"{database.Name}: {form} {test}");
        }
    }

    // Its own words, up to where only a shell goes on; a variable is Compose's to put in, or isn't there.
    private static IEnumerable<string> Exec(string text, ComposeService database)
    {
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word is not ("||" or "&&" or ";" or "|")).Select(word => word.Trim('\'', '"'));
        return words.Select(word => database.Environment.Aggregate(word, (one, variable) => variable.Value.Length > 0 && !variable.Key.Contains("PASS", StringComparison.OrdinalIgnoreCase)
            ? one.Replace($"${{{variable.Key}}}", variable.Value, StringComparison.Ordinal).Replace($"${variable.Key}", variable.Value, StringComparison.Ordinal) : one));
    }

    // After the exchange nothing but this payload tells whether the release is ready: where it can't be read, the rollback goes back by itself.
    private static CheckFinding Readiness(Situation situation)
    {
        var readiness = situation.Readiness;
        if (readiness is { Problem: null, IsByStatus: false } or { IsReady: true })
            return new CheckFinding("readiness", Grade.Ok, readiness.Found);
        return readiness.Probe.Status is null
            ? new CheckFinding("readiness", Grade.Warning, $"{readiness.Probe.Url} doesn't answer now: {readiness.Found}", "see that --base-url and --ready-path are right")
            : new CheckFinding("readiness", Grade.WouldRefuse, $"expected a readiness payload at {readiness.Probe.Url}, found {readiness.Found}: a rollback would not verify, and go back by itself",
                "name the path with --ready-path; the payload is {\"ok\": …, \"checks\": [{\"name\", \"ok\", \"detail\"}]}, as the README says");
    }
}
