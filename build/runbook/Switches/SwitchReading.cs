using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Switches;

/// <summary>Reads a switch back from where it counts: the environment of the containers that run.</summary>
/// <param name="declaration">The switch.</param>
public sealed class SwitchReading(SwitchDeclaration declaration)
{
    /// <summary>One check for each consumer: its running containers have the value.</summary>
    /// <param name="containers">The project's containers.</param>
    /// <param name="position">The wanted position.</param>
    public IReadOnlyList<CheckRecord> Of(IReadOnlyList<Container> containers, SwitchPosition position)
    {
        var expected = declaration.Value(position);
        return [.. declaration.Consumers.Select(service =>
        {
            var running = containers.Where(container => container.IsRunning && container.Labels.GetValueOrDefault(Labels.Service) == service).ToList();
            var values = running.Select(container => Value(container) ?? "no such variable").Distinct(StringComparer.Ordinal).ToList();
            return new CheckRecord(
                $"{declaration.Variable} in {service}", values is [var only] && only == expected, expected, running.Count == 0 ? "no running container" : string.Join(", ", values),
                $"see that the compose file hands {declaration.Variable} to {service}: env_file or environment");
        })];
    }

    private string? Value(Container container) =>
        container.Environment.LastOrDefault(entry => entry.StartsWith(declaration.Variable + "=", StringComparison.Ordinal))?[(declaration.Variable.Length + 1)..];
}
