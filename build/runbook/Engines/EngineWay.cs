using Runback.Runbook.Processes;

namespace Runback.Runbook.Engines;

/// <summary>Runs a command by asking the engine instead of the <c>docker</c> program; what is printed stays what a person would type.</summary>
/// <param name="start">Asks the engine.</param>
internal sealed class EngineWay(Func<Command, CancellationToken, Task<IRunningProgram>> start) : ICommandWay
{
    /// <inheritdoc/>
    public Task<IRunningProgram> StartAsync(Command command, CancellationToken cancellation) => start(command, cancellation);

    /// <summary>A program in a container: <c>docker exec --interactive [--env …] container program …</c>.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="container">The container's id or name.</param>
    /// <param name="environment">Its environment beside the container's own, as NAME=value.</param>
    /// <param name="secrets">Environment whose values are never shown.</param>
    /// <param name="command">The program and its arguments.</param>
    public static Command Exec(
        EngineApi engine, string container, IReadOnlyList<string> environment, IReadOnlyList<KeyValuePair<string, string>> secrets, IEnumerable<string> command)
    {
        string[] words = ["exec", "--interactive", .. secrets.Concat(environment.Select(variable => KeyValuePair.Create(variable, ""))).SelectMany(variable => new[] { "--env", variable.Key }), container];
        return new Command("docker", [.. words, .. command])
        {
            SecretEnvironment = secrets,
            Way = new EngineWay((running, cancellation) => engine.ExecAsync(
                container, [.. environment, .. secrets.Select(secret => $"{secret.Key}={secret.Value}")], [.. running.Arguments.Skip(words.Length)], cancellation)),
        };
    }

    /// <summary>A container that was made before, started with its streams: <c>docker start --attach --interactive</c>.</summary>
    public static Command StartAttached(EngineApi engine, string container) => new("docker", "start", "--attach", "--interactive", container)
    {
        Way = new EngineWay((_, cancellation) => engine.StartAttachedAsync(container, cancellation)),
    };

    /// <summary>A container's log: <c>docker logs --timestamps</c>.</summary>
    public static Command Log(EngineApi engine, string container, int lines, DateTimeOffset? since = null)
    {
        var shown = new Command("docker", "logs", "--timestamps", "--tail", $"{lines}");
        return (since is { } time ? shown.With("--since", time.UtcDateTime.ToString("O")) : shown).With(container) with
        {
            Way = new EngineWay((_, cancellation) => engine.LogAsync(container, lines, since, cancellation)),
        };
    }
}
