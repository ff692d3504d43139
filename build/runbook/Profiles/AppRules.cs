using System.Text.RegularExpressions;

namespace Runback.Runbook.Profiles;

/// <summary>The application among a project's services.</summary>
/// <param name="Serving">Those that serve requests.</param>
/// <param name="Workers">Those that don't.</param>
/// <param name="OneShot">Those that run the release once and end: migrations, set-up.</param>
internal sealed record AppChoice(IReadOnlyList<SurveyedService> Serving, IReadOnlyList<SurveyedService> Workers, IReadOnlyList<SurveyedService> OneShot)
{
    /// <summary>The app services, in the order of the cutover.</summary>
    public IEnumerable<SurveyedService> Services => Serving.Concat(Workers);

    /// <summary>All that runs the release's image, once or for good.</summary>
    public IEnumerable<SurveyedService> All => Services.Concat(OneShot);

    /// <summary>The service that stands for the release.</summary>
    public SurveyedService? First => Services.FirstOrDefault();
}

/// <summary>Which services run the release, and which of them serve requests.</summary>
internal static partial class AppRules
{
    private const int Likely = 3;

    // What an image's own entrypoint takes as the part that it plays.
    private static readonly string[] WorkWords = ["worker", "workers", "scheduler", "beat", "jobs", "consumer", "cron", "celery"];

    public static AppChoice Find(ProjectSurvey survey, SurveyedService? database, ProposalDraft draft)
    {
        var (services, source, why) = Choose(survey, database, draft);
        if (services.Count == 0)
        {
            draft.Ask("Services", $"which services run the release's image, of {string.Join(", ", survey.Services.Select(service => service.Name))}?", isNeeded: true, isList: true);
            draft.Ask("Workers", "which of them serve no requests?", isNeeded: false, isList: true);
            return new AppChoice([], [], []);
        }
        var isGiven = draft.Texts("Services") is not null;
        var oneShot = isGiven ? [] : services.Where(service => IsOneShot(survey, service)).ToList();
        var lasting = services.Where(service => !service.IsAsleep && !oneShot.Contains(service)).ToList();
        var evidence = lasting.ToDictionary(service => service.Name, service => Work(service, lasting), StringComparer.Ordinal);
        var workers = draft.Texts("Workers") is { } named ? lasting.Where(service => named.Contains(service.Name)).ToList() : lasting.Where(service => evidence[service.Name] is not null).ToList();
        var serving = lasting.Except(workers).ToList();
        draft.Set("Services", serving.Concat(workers).Select(service => service.Name), source, why);
        draft.Set("Workers", workers.Select(service => service.Name), ProposalSource.Guessed,
            workers.Count == 0 ? "each of them looks as if it serves requests" : string.Join("; ", workers.Select(service => $"{service.Name}: {evidence[service.Name]}")));
        Tell(survey, services, oneShot, draft);
        return new AppChoice(serving, workers, oneShot);
    }

    private static (IReadOnlyList<SurveyedService> Services, ProposalSource Source, string Why) Choose(ProjectSurvey survey, SurveyedService? database, ProposalDraft draft)
    {
        if (draft.Texts("Services") is { } named)
            return ([.. named.Select(name => survey[name]).OfType<SurveyedService>()], ProposalSource.Given, "given");
        var groups = survey.Services.Where(service => service != database && !KnownImages.IsOther(service.BuildContext is null && !service.Compose.IsBuilt ? service.Repository : null))
            .GroupBy(Origin, StringComparer.Ordinal)
            .Select(group => (group.Key, Services: group.ToList(), Points: group.Max(service => Points(service, database))))
            .Where(group => group.Points >= Likely && group.Services.Exists(service => !service.IsAsleep))
            .OrderByDescending(group => group.Points).ThenByDescending(group => group.Services.Count).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (groups.Count == 0)
            return ([], ProposalSource.Guessed, "");
        var best = groups[0];
        var rivals = groups.Skip(1).Where(group => group.Points == best.Points).Select(group => group.Services[0].Name).ToList();
        var isTagged = best.Services.TrueForAll(service => service.ImageTemplate is { } text && ImageTemplate.Parse(text).Form == TagForm.Variable);
        return (best.Services, rivals.Count == 0 && isTagged ? ProposalSource.Observed : ProposalSource.Guessed,
            (best.Services[0].Repository is { } repository ? $"they run {repository}" : "they are built from one folder")
            + (rivals.Count > 0 ? $"; {string.Join(" and ", rivals)} might be it as well" : groups.Count > 1 ? $"; rather than {string.Join(" and ", groups.Skip(1).Select(group => group.Services[0].Name))}" : ""));
    }

    // Services of one image are one release; those that are only built, of one folder.
    private static string Origin(SurveyedService service) => service.Repository ?? $"build of {service.BuildContext ?? service.Name}";

    // How much speaks for it that a service is the application whose database this is.
    private static int Points(SurveyedService service, SurveyedService? database)
    {
        var points = service.Compose.IsBuilt ? 3 : 0;
        if (service.ImageTemplate is { } text)
            points += ImageTemplate.Parse(text).Form switch { TagForm.Variable => 4, TagForm.Whole or TagForm.Mixed => 3, _ => 0 };
        if (database is not null && DatabaseRules.Addresses(service).Any(address => DatabaseRules.IsCalled(database, address.Host)))
            points += 5;
        else if (database is not null && service.Compose.DependsOn.Contains(database.Name, StringComparer.Ordinal))
            points += 3;
        if (Alembic().IsMatch(service.CommandText))
            points += 5;
        if (WebServer().IsMatch(service.CommandText) || TaskQueue().IsMatch(service.CommandText))
            points += 2;
        if (KnownImages.IsProxy(service.ImageName) || service.Name is "proxy" or "nginx" or "traefik" or "caddy")
            points -= 4;
        return points;
    }

    /// <summary>Whether a service does something once and ends.</summary>
    private static bool IsOneShot(ProjectSurvey survey, SurveyedService service)
    {
        if (survey.Services.Any(other => other.Compose.Awaits.Contains(service.Name, StringComparer.Ordinal)))
            return true;
        var lasts = service.Restart is "always" or "unless-stopped" || service.Published.Count > 0;
        return !lasts && ((Migrates().IsMatch(service.CommandText) && !WebServer().IsMatch(service.CommandText)) || (OnceName().IsMatch(service.Name) && service.Restart is null or "no" or "on-failure"));
    }

    /// <summary>What tells that a service serves no requests; null when it serves them, for all that is seen.</summary>
    private static string? Work(SurveyedService service, List<SurveyedService> all)
    {
        var text = service.CommandText;
        if (WebServer().IsMatch(text) || service.Published.Count > 0 || service.Labels.Keys.Any(label => label.StartsWith("traefik.http.", StringComparison.Ordinal) || label == "caddy"))
            return null;
        if (TaskQueue().Match(text) is { Success: true } queue)
            return $"its command runs {queue.Value.Trim()}";
        if (WorkModule().Match(text) is { Success: true } module)
            return $"its command runs {module.Groups["module"].Value}";
        if (service.Compose.Command is { Count: > 0 } words && WorkWords.Contains(words[^1].ToLowerInvariant()))
            return $"its command is {words[^1]}";
        if (HealthRules.RequestOf(service) is not null || service.Compose.Ports.Count > 0)
            return null;
        if (WorkName().IsMatch(service.Name))
            return "its name says so";
        return all.Count > 1 && service.Compose.Command is { Count: > 0 } && all.Exists(other => other != service && (other.Published.Count > 0 || WebServer().IsMatch(other.CommandText)))
            ? "it has a command of its own, and nothing leads to it" : null;
    }

    private static void Tell(ProjectSurvey survey, IReadOnlyList<SurveyedService> services, List<SurveyedService> oneShot, ProposalDraft draft)
    {
        foreach (var service in oneShot)
        {
            draft.Note($"{service.Name} runs the release's image once and ends: it isn't among the services that are exchanged",
                "after a rollback that keeps newer migrations, start the application with `docker compose up --detach --no-deps`: the older release can't migrate forward from there");
        }
        foreach (var service in services.Where(service => service.IsAsleep && service.ComposeProfiles.Count > 0 && !oneShot.Contains(service)))
        {
            draft.Note($"{service.Name} runs the release's image, but only with a profile of Compose's ({string.Join(", ", service.ComposeProfiles)}): it is left out",
                $"where it runs in production, activate its profile in the env file ({survey.EnvFile}): COMPOSE_PROFILES={service.ComposeProfiles[0]}; then run Init again");
        }
        foreach (var service in services.Where(service => !oneShot.Contains(service) && Migrates().IsMatch(service.CommandText)))
        {
            draft.Note($"{service.Name} migrates the database when it starts: {Short(service.CommandText)}",
                "an older release that is started on a newer database fails there. Migrate in a step of the deployment instead, or in a service of its own that ends");
        }
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..79] + "…";

    [GeneratedRegex(@"\b(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|uwsgi|fastapi\s+(?:run|dev)|flask\s+run|litestar\s+run|runserver|http\.server|flower)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WebServer();

    [GeneratedRegex(@"\b(?:celery\b[^|;&]*?\b(?:worker|beat)|celery|rq\s+worker\w*|rqworker|rqscheduler|arq|dramatiq|huey_consumer(?:\.py)?|taskiq\s+(?:worker|scheduler)|procrastinate\s+worker|faust\b|supercronic|apscheduler|saq)\b", RegexOptions.IgnoreCase)]
    private static partial Regex TaskQueue();

    [GeneratedRegex(@"(?:\bpython[\d.]*\s+(?:-\w\s+)*(?:-m\s+)?|\bpoetry run\s+|\buv run\s+)(?<module>[\w./]*(?:worker|jobs?|tasks?|scheduler|consumer|cron|queue|beat|daemon|poller|listener)s?(?:\.\w+)*)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WorkModule();

    [GeneratedRegex(@"(?:^|[-_])(?:worker|jobs?|beat|scheduler|consumer|queue|cron|tasks?|celery|rq|arq|dramatiq|poller|listener|daemon)s?(?:$|[-_\d])", RegexOptions.IgnoreCase)]
    private static partial Regex WorkName();

    [GeneratedRegex(@"\balembic\b", RegexOptions.IgnoreCase)]
    private static partial Regex Alembic();

    [GeneratedRegex(@"\balembic\b[^|;&]*\bupgrade\b|\bflask\b[^|;&]*\bdb\s+upgrade\b|\b(?:prestart|migrate)\.(?:sh|py)\b|\bdb\s+(?:upgrade|migrate)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Migrates();

    [GeneratedRegex(@"(?:^|[-_])(?:migrat(?:e|ions?|or)|prestart|init(?:db)?|setup|bootstrap|seed|upgrade)(?:$|[-_])", RegexOptions.IgnoreCase)]
    private static partial Regex OnceName();
}
