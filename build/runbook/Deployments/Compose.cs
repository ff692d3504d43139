using Runback.Runbook.Processes;

namespace Runback.Runbook.Deployments;

/// <summary>Builds the <c>docker compose</c> commands of a deployment. It runs nothing.</summary>
/// <param name="deployment">The deployment.</param>
public sealed class Compose(Deployment deployment)
{
    /// <summary>The resolved project, as JSON (<c>docker compose config</c>).</summary>
    public Command Config() => Base().With("config", "--format", "json");

    /// <summary>Fetches the images of the services named, and of no other (trap 11).</summary>
    public Command Pull(IEnumerable<string> services) => Base().With("pull", "--quiet").With(services);

    /// <summary>A hash of each service's configuration, as Compose notes it on containers.</summary>
    public Command ConfigHashes() => Base().With("config", "--hash", "*");

    /// <summary>Brings the services named onto the pinned release; images must be on the host.</summary>
    /// <param name="services">The services.</param>
    /// <param name="alone">Whether services that they depend on are left out (trap 11).</param>
    public Command Up(IEnumerable<string> services, bool alone = false) =>
        Base().With("up", "--detach", "--no-build", "--pull", "never").With(alone ? ["--no-deps"] : []).With(services);

    /// <summary>Starts further containers of a service on the pinned release, beside those that run.</summary>
    /// <param name="service">The service.</param>
    /// <param name="count">How many there are then in all.</param>
    /// <param name="alone">Whether services that it depends on are left out (trap 11).</param>
    public Command UpBeside(string service, int count, bool alone) => Base()
        .With("up", "--detach", "--no-build", "--pull", "never", "--no-recreate", "--scale", $"{service}={count}")
        .With(alone ? ["--no-deps"] : []).With(service);

    /// <summary>Stops the services named.</summary>
    /// <param name="services">The services.</param>
    /// <param name="grace">How long they may take before they are killed, in whole seconds; null for what the compose file gives them.</param>
    public Command Stop(IEnumerable<string> services, TimeSpan? grace = null) => Base()
        .With("stop").With(grace is { } time ? ["--timeout", $"{time.TotalSeconds:0}"] : []).With(services);

    /// <summary>Restarts the services named.</summary>
    public Command Restart(IEnumerable<string> services) => Base().With("restart").With(services);

    /// <summary>The last lines that the services named have logged.</summary>
    public Command Logs(IEnumerable<string> services) => Base().With("logs", "--tail", "50").With(services);

    /// <summary>Runs a command in a running service's container, without a terminal.</summary>
    public Command Exec(string service, params IEnumerable<string> command) => Base().With("exec", "-T", service).With(command);

    /// <summary>Runs a command in a throw-away container of a service, beside nothing else.</summary>
    /// <param name="service">The service whose image and environment it has.</param>
    /// <param name="environment">Further environment, as NAME=value; never a secret.</param>
    /// <param name="command">The command.</param>
    public Command RunOnce(string service, IEnumerable<string> environment, IEnumerable<string> command) => Base()
        .With("run", "--rm", "--no-deps", "-T").With(environment.SelectMany(variable => new[] { "--env", variable })).With(service).With(command);

    /// <summary>The same commands under another value of the tag variable: for comparing, or for a single command in another release.</summary>
    public Compose Under(string tag) => new(deployment) { _environment = [new(deployment.TagVariable, tag)] };

    private IReadOnlyList<KeyValuePair<string, string>> _environment = [];

    // A tag variable in the operator's shell (section 2 of the runbook sets one) would win over the env file: the pin would do nothing.
    private string[] Overruling() =>
        _environment.Count == 0 && Environment.GetEnvironmentVariable(deployment.TagVariable) is not null ? [deployment.TagVariable] : [];

    private Command Base()
    {
        List<string> arguments = ["compose"];
        if (deployment.ProjectName is { } project)
            arguments.AddRange(["--project-name", project]);
        arguments.AddRange(["--env-file", deployment.EnvFilePath]);
        foreach (var file in deployment.ComposeFiles)
            arguments.AddRange(["--file", Path.GetFullPath(file, deployment.Directory)]);
        if (File.Exists(deployment.OverridePath))
            arguments.AddRange(["--file", deployment.OverridePath]);
        return new Command("docker", arguments) { WorkingDirectory = deployment.Directory, Environment = _environment, Unset = Overruling() };
    }
}
