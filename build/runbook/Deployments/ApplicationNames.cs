namespace Runback.Runbook.Deployments;

/// <summary>
/// What a deployment and its parts are called: hiding a name makes commands that nobody can paste, and it is in the compose files anyway. The release that is pinned is
/// one of them.
/// </summary>
internal sealed class ApplicationNames
{
    private readonly string[] _names;

    public ApplicationNames(Deployment deployment, ComposeProject? project = null)
    {
        IEnumerable<string?> names =
        [
            deployment.Directory, deployment.ProjectName, deployment.Database, deployment.DatabaseUser, deployment.DatabaseService, deployment.Image, deployment.BaseUrl.AbsoluteUri,
            deployment.HealthPath, deployment.ReadyPath, deployment.MigrationsDirectory, deployment.BackupPath, deployment.EnvFilePath, deployment.TagVariable, .. deployment.ComposeFiles, .. deployment.Services,
            project?.Name, .. project?.Services.Values.SelectMany(service => (IEnumerable<string?>)[service.Name, service.Image, service.ContainerName, .. service.Aliases]) ?? [],
        ];
        _names = [.. names.OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Whether a value is one of them, or a part of one.</summary>
    public bool Have(string value) => _names.Any(name => name.Contains(value, StringComparison.Ordinal));
}
