using Runback.Runbook.Runs;

namespace Runback.Runbook.Releases.Registries;

/// <summary>A registry did not give what was asked for. Nothing changed.</summary>
public sealed class RegistryException(RegistryFault fault, string message, string hint, Exception? inner = null)
    : RunbookException(message, hint, Outcome.Refused, inner)
{
    /// <summary>What kept it from answering.</summary>
    public RegistryFault Fault { get; } = fault;

    /// <summary>Whether the registry could not be asked at all, so that nothing is known of its content.</summary>
    public bool SaysNothing => Fault is not RegistryFault.NotFound;

    internal static RegistryException BadAnswer(string expected, string found, Uri address, Exception? inner = null) => new(
        RegistryFault.BadAnswer,
        $"expected {expected} from {Shown(address)}, found {found}",
        "check that the profile's image names a registry that speaks the OCI distribution API, and that no proxy or login page answers for it",
        inner);

    /// <summary>An address for people: without user, query or fragment, where signatures and tokens travel.</summary>
    internal static string Shown(Uri address) => $"{address.Scheme}://{address.Authority}{address.AbsolutePath}";
}
