namespace Runback.Runbook.Incidents.FollowUps;

/// <summary>What became of the ticket.</summary>
public enum FollowUpState
{
    /// <summary>It was created.</summary>
    Created,

    /// <summary>The run has it already.</summary>
    Found,

    /// <summary>There is no repository or no token: its text is written down, for a person to paste.</summary>
    Written,

    /// <summary>A dry run: it is only shown.</summary>
    Shown,

    /// <summary>It could not be created; its text is written down.</summary>
    Failed,
}

/// <summary>The ticket.</summary>
/// <param name="State">What became of it.</param>
/// <param name="Url">Where it is, or where it can be made by hand; null when neither is known.</param>
/// <param name="Detail">That in a line.</param>
/// <param name="Hint">What to do next, or null.</param>
/// <param name="BodyFile">Where its text is kept, or null in a dry run.</param>
public sealed record FollowUpResult(FollowUpState State, Uri? Url, string Detail, string? Hint, string? BodyFile);
