using System.Text.RegularExpressions;
using Runback.Runbook.Deployments;

namespace Runback.Runbook.Rehearsals;

/// <summary>The host names under which the copy must be found, so that the application's own database URL leads to it unchanged.</summary>
internal static partial class DatabaseNames
{
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

    private static IEnumerable<string> Hosts(string value) => PostgresUrl().Matches(value).Select(match => match.Groups["host"].Value);

    // Names only: an address can't be taken over.
    [GeneratedRegex(@"^(?![0-9.]+$)(?!localhost$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]
    private static partial Regex HostName();

    [GeneratedRegex(@"\bpostgres(ql)?(\+\w+)?://([^/\s@]*@)?(?<host>[^/\s:@?,]+)")]
    private static partial Regex PostgresUrl();
}
