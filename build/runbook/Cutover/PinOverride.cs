using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Cutover;

/// <summary>
/// A generated compose file that makes app services follow the tag variable where the deployment's own files don't (trap 2). The env file's
/// <c>COMPOSE_FILE</c> names it, so that every later plain <c>docker compose</c> command reads it too.
/// </summary>
/// <param name="deployment">The deployment.</param>
public sealed class PinOverride(Deployment deployment)
{
    private const string Variable = "COMPOSE_FILE";

    /// <summary>Writes the file and has the env file name it.</summary>
    public async Task WriteAsync(IReadOnlyList<UnpinnedService> services, Run run)
    {
        var content = TagVariable.Override(deployment, services);
        await run.Shell.ChangeAsync($"cat > {Command.Quote(deployment.OverridePath)} <<'EOF'\n{content}EOF", () =>
        {
            PrivateFiles.Replace(deployment.OverridePath, content);
            return Task.CompletedTask;
        });
        var text = new EnvFile(File.ReadAllText(deployment.EnvFilePath, EnvFile.Bytes));
        var files = string.Join(':', (text[Variable]?.Split(':') ?? [.. deployment.ComposeFiles])
            .Where(file => file != Deployment.OverrideFile).Append(Deployment.OverrideFile));
        if (text[Variable] != files && await new Pin(deployment, Variable).WriteAsync(files, run) is { } kept)
            run.Result.Kept.Add($"the env file before {Deployment.OverrideFile}: `{kept}`");
    }
}
