using Runback.Runbook.Engines;
using Runback.Runbook.Processes;

namespace Runback.Lab;

/// <summary>The few questions to the engine that several parts of the lab ask.</summary>
internal static class Docker
{
    /// <summary>Whether an image is on this host.</summary>
    public static async Task<bool> ExistsAsync(string image, CancellationToken cancellation) =>
        await EngineApi.Shared.ImageAsync(image, cancellation) is not null;

    /// <summary>What a listing command prints, a line each.</summary>
    public static async Task<IReadOnlyList<string>> LinesAsync(Shell shell, CancellationToken cancellation, params IEnumerable<string> arguments) =>
        (await shell.ReadAsync(new Command("docker").With(arguments), cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
