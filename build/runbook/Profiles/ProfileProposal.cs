using System.Text.Json.Nodes;

namespace Runback.Runbook.Profiles;

/// <summary>Where a proposed value comes from.</summary>
public enum ProposalSource
{
    /// <summary>Said by whoever asked for the proposal.</summary>
    Given,

    /// <summary>Read from the project: it stands there.</summary>
    Observed,

    /// <summary>Concluded from what was read; it may be wrong.</summary>
    Guessed,

    /// <summary>Nothing tells, and the usual value is harmless.</summary>
    Default,
}

/// <summary>A key of the proposed profile.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its value: a text, a number or a list of texts.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Why">What tells it, in a few words.</param>
public sealed record ProposedValue(string Key, JsonNode Value, ProposalSource Source, string Why);

/// <summary>A key that nothing tells the value of: it is asked for, or left out.</summary>
/// <param name="Key">The key.</param>
/// <param name="Question">What is asked.</param>
/// <param name="IsNeeded">Whether nothing works without it.</param>
/// <param name="IsList">Whether several words are its value.</param>
public sealed record OpenKey(string Key, string Question, bool IsNeeded, bool IsList = false);

/// <summary>Something about the project that stands in a rollback's way, or is worth knowing.</summary>
/// <param name="Text">What was found.</param>
/// <param name="Hint">What to do.</param>
public sealed record ProposalNote(string Text, string Hint);

/// <summary>A profile as it is proposed for a project.</summary>
/// <param name="Name">The profile's name.</param>
/// <param name="Values">What was found, in the order in which profiles are written.</param>
/// <param name="Open">What nothing tells.</param>
/// <param name="Notes">What is in the way.</param>
/// <param name="Refusal">Why no profile of this project can be used; null where one can.</param>
public sealed record ProfileProposal(
    string Name, IReadOnlyList<ProposedValue> Values, IReadOnlyList<OpenKey> Open, IReadOnlyList<ProposalNote> Notes, ProposalNote? Refusal)
{
    /// <summary>The value of a key, or null.</summary>
    public ProposedValue? this[string key] => Values.FirstOrDefault(value => value.Key == key);
}
