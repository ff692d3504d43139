using System.Text.RegularExpressions;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Rehearsals;

/// <summary>The host names and the port under which the copy must be found, so that the application's own database URL leads to it unchanged.</summary>
internal static partial class DatabaseNames
{
    private const int UsualPort = 5432;

    // The scratch server runs without privileges.
    private const int Unprivileged = 1024;

    /// <summary>The names, each once.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="project">Its Compose project.</param>
    /// <param name="container">The database's running container.</param>
    /// <param name="environment">The environment of the service that is tried: whatever PostgreSQL it names is the copy.</param>
    public static IReadOnlyList<string> Of(
        Deployment deployment, ComposeProject project, Container container, IReadOnlyDictionary<string, string> environment)
    {
        var service = project.Service(deployment.DatabaseService);
        IEnumerable<string> names = [service.Name, .. service.Aliases, container.Name, .. container.Aliases, .. environment.Values.SelectMany(Hosts)];
        return [.. names.Where(name => HostName().IsMatch(name) && !container.Id.StartsWith(name, StringComparison.Ordinal)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The port at which the copy must listen: the one that the environment names, 5432 when it names none or several.</summary>
    public static int PortOf(IReadOnlyDictionary<string, string> environment)
    {
        var named = environment.Values.SelectMany(value => PostgresUrl().Matches(value)).Select(match => match.Groups["port"].Value)
            .Append(environment.GetValueOrDefault("PGPORT") ?? "").Where(port => port.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        return named is [var only] && ushort.TryParse(only, out var port) && port >= Unprivileged ? port : UsualPort;
    }

    private static IEnumerable<string> Hosts(string value) => PostgresUrl().Matches(value).Select(match => match.Groups["host"].Value);

    // Names only: an address can't be taken over.
    [GeneratedRegex(@"^(?![0-9.]+$)(?!localhost$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]
    private static partial Regex HostName();

    [GeneratedRegex(@"\bpostgres(ql)?(\+\w+)?://([^/\s@]*@)?(?<host>[^/\s:@?,]+)(:(?<port>\d+))?")]
    private static partial Regex PostgresUrl();
}
