using System.Text.RegularExpressions;

namespace Runback.Runbook.Profiles;

/// <summary>An address of a database, as an application is given it, without its user's password.</summary>
/// <param name="Variable">The variable that it stands in.</param>
/// <param name="Host">The host.</param>
/// <param name="Database">The database, or null.</param>
internal sealed record DatabaseAddress(string Variable, string Host, string? Database);

/// <summary>Which service is the database, which database is the application's, and which role reads it.</summary>
internal static partial class DatabaseRules
{
    private static readonly string[] NameVariables = ["POSTGRES_DB", "POSTGRESQL_DATABASE", "PGDATABASE"];
    private static readonly string[] UserVariables = ["POSTGRES_USER", "POSTGRESQL_USERNAME", "PGUSER"];

    /// <summary>The database's service; null when there is none, or none can be chosen.</summary>
    public static SurveyedService? Find(ProjectSurvey survey, ProposalDraft draft)
    {
        if (draft.Text("DatabaseService") is { } named)
            return survey[named];
        var candidates = survey.Services.Where(service => !service.IsAsleep && IsServer(service)).ToList();
        if (candidates.Count > 1)
        {
            // The one that others are told to use.
            var wanted = candidates.Where(one => survey.Services.Any(service => Addresses(service).Any(address => IsCalled(one, address.Host)))).ToList();
            candidates = wanted.Count > 0 ? wanted : candidates;
        }
        return candidates.Count switch
        {
            1 => candidates[0],
            0 => null,
            _ => Several(candidates, draft),
        };
    }

    /// <summary>Whether a host's name is a service's: its own, or one that it has on its networks.</summary>
    public static bool IsCalled(SurveyedService service, string host) => service.Name == host || service.Compose.Aliases.Contains(host, StringComparer.Ordinal);

    /// <summary>Proposes service, database and role.</summary>
    public static void Propose(ProjectSurvey survey, SurveyedService? database, AppChoice app, ProposalDraft draft)
    {
        if (database is null)
        {
            if (draft.Text("DatabaseService") is { } named)
                draft.Refuse($"there is no service {named} in the compose files", $"they have: {string.Join(", ", survey.Services.Select(service => service.Name))}");
            else if (!survey.Services.Any(service => !service.IsAsleep && IsServer(service)))
                RefuseWithout(survey, app, draft);
            return;
        }
        draft.Set("DatabaseService", database.Name, KnownImages.IsPostgres(database.Repository) ? ProposalSource.Observed : ProposalSource.Guessed,
            database.Compose.Image is { } image ? $"it runs {image}" : "it is built here, and has PostgreSQL's variables");
        var user = Value(database, UserVariables);
        ProposeUser(database, user, draft);
        ProposeName(database, app, user, draft);
        if (IsBitnami(database))
        {
            draft.Note($"{database.Name} is Bitnami's image, which asks for a password on its local socket too",
                "keep the role's password in the environment (NUKE_DATABASE_PASSWORD), or encrypted: ./build.sh :secrets PROFILE DatabasePassword");
        }
    }

    /// <summary>The addresses of databases in a service's environment: URLs, and hosts by themselves.</summary>
    public static IEnumerable<DatabaseAddress> Addresses(SurveyedService service)
    {
        foreach (var (name, value) in service.Compose.Environment)
        {
            if (Url().Match(value) is { Success: true } url)
                yield return new DatabaseAddress(name, url.Groups["host"].Value, url.Groups["name"].Value is { Length: > 0 } database ? Uri.UnescapeDataString(database) : null);
            else if (HostVariable().Match(name) is { Success: true } host && value.Length > 0 && HostName().IsMatch(value))
                yield return new DatabaseAddress(name, value.Split(':')[0], Named(service, host.Groups["prefix"].Value));
        }
    }

    private static string? Named(SurveyedService service, string prefix) =>
        new[] { $"{prefix}NAME", $"{prefix}DB", $"{prefix}DATABASE", $"{prefix}DB_NAME", $"{prefix}DBNAME" }
            .Select(name => service.Compose.Environment.GetValueOrDefault(name)).FirstOrDefault(value => !string.IsNullOrEmpty(value));

    private static SurveyedService? Several(List<SurveyedService> candidates, ProposalDraft draft)
    {
        draft.Ask("DatabaseService", $"which service is the application's database: {string.Join(" or ", candidates.Select(one => one.Name))}?", isNeeded: true);
        draft.Ask("Database", "which database in it is the application's?", isNeeded: true);
        draft.Ask("DatabaseUser", "which role may read all of it?", isNeeded: true);
        return null;
    }

    private static bool IsServer(SurveyedService service) =>
        KnownImages.IsPostgres(service.Repository)
        || (!KnownImages.IsOther(service.Repository) && Value(service, ["POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "POSTGRESQL_PASSWORD", "POSTGRES_HOST_AUTH_METHOD"]) is not null
            && (service.Compose.Mounts.Any(mount => mount.Target.Contains("/postgresql", StringComparison.Ordinal) || mount.Target.EndsWith("/pgdata", StringComparison.Ordinal))
                || service.HealthTest.Any(word => word.Contains("pg_isready", StringComparison.Ordinal))));

    private static bool IsBitnami(SurveyedService database) => database.Repository?.Contains("bitnami", StringComparison.Ordinal) == true;

    private static string? Value(SurveyedService service, IEnumerable<string> names) =>
        names.Select(name => service.Compose.Environment.GetValueOrDefault(name)).FirstOrDefault(value => !string.IsNullOrEmpty(value));

    private static string? FileVariable(SurveyedService service, IEnumerable<string> names) =>
        names.Select(name => name + "_FILE").FirstOrDefault(name => service.Compose.Environment.ContainsKey(name));

    private static void ProposeUser(SurveyedService database, string? user, ProposalDraft draft)
    {
        if (user is not null)
            draft.Set("DatabaseUser", user, ProposalSource.Observed, $"{UserVariables.First(name => database.Compose.Environment.GetValueOrDefault(name) == user)} of {database.Name}");
        else if (FileVariable(database, UserVariables) is { } file)
            draft.Ask("DatabaseUser", $"which role may read all of the database? ({file} of {database.Name} names a secret's file, which isn't copied into a profile)", isNeeded: true);
        else
            draft.Set("DatabaseUser", "postgres", KnownImages.IsPostgres(database.Repository) ? ProposalSource.Observed : ProposalSource.Guessed, $"{database.Name} names none, and this is the image's own");
    }

    private static void ProposeName(SurveyedService database, AppChoice app, string? user, ProposalDraft draft)
    {
        var used = app.All.SelectMany(Addresses).Where(address => IsCalled(database, address.Host) && address.Database is not null).ToList();
        var created = Value(database, NameVariables);
        if (used.Select(address => address.Database).Distinct(StringComparer.Ordinal).ToList() is { Count: > 1 } several)
            draft.Ask("Database", $"which database is the application's: {string.Join(" or ", several)}?", isNeeded: true);
        else if (used.FirstOrDefault() is { } address)
            draft.Set("Database", address.Database!, ProposalSource.Observed, $"the application connects to it ({address.Variable})");
        else if (created is not null)
            draft.Set("Database", created, ProposalSource.Observed, $"{NameVariables.First(name => database.Compose.Environment.GetValueOrDefault(name) == created)} of {database.Name}");
        else if (FileVariable(database, NameVariables) is { } file)
            draft.Ask("Database", $"which database is the application's? ({file} of {database.Name} names a secret's file, which isn't copied into a profile)", isNeeded: true);
        else if (FileVariable(database, UserVariables) is not null)
            draft.Ask("Database", $"which database is the application's? ({database.Name} names none, so that it is called as its role)", isNeeded: true);
        else
            draft.Set("Database", user ?? "postgres", ProposalSource.Guessed, $"{database.Name} names none, and the image calls it as its role");
    }

    private static void RefuseWithout(ProjectSurvey survey, AppChoice app, ProposalDraft draft)
    {
        var outside = app.All.Concat(survey.Services).SelectMany(Addresses).FirstOrDefault(address => !survey.Services.Any(service => IsCalled(service, address.Host)));
        draft.Refuse(
            outside is not null ? $"the database is outside this project: {outside.Variable} leads to {outside.Host}"
            : $"there is no PostgreSQL among the services {string.Join(", ", survey.Services.Select(service => service.Name))}",
            "Runback backs up, verifies and rehearses through the database's own container, and a rollback without these isn't one. Possible without it: ./build.sh Assess --migrations DIR judges migrations before they are deployed");
    }

    // Whoever stands before the @ is left out: it may hold a password.
    [GeneratedRegex(@"^(?:postgres(?:ql)?|timescaledb|cockroachdb)(?:\+\w+)?://(?:[^@/]*@|.*@(?=[\w.-]+(?::\d+)?/))?(?<host>[A-Za-z0-9_.-]+)(?::\d+)?(?:/(?<name>[^?#/]*))?", RegexOptions.IgnoreCase)]
    private static partial Regex Url();

    [GeneratedRegex(@"^(?<prefix>(?:\w*_)?(?:POSTGRES(?:QL)?|PG|DB|DATABASE)_?)(?:HOST|SERVER|HOSTNAME|ADDRESS)$", RegexOptions.IgnoreCase)]
    private static partial Regex HostVariable();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]+(?::\d+)?$")]
    private static partial Regex HostName();
}
