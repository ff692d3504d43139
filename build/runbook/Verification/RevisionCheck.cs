using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>The database is at the revision at which it was left.</summary>
public sealed class RevisionCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "database revision";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        var found = await context.Revisions(cancellation);
        var passed = found.Count > 0 && (context.ExpectedRevisions is null || found.ToHashSet(StringComparer.Ordinal).SetEquals(context.ExpectedRevisions));
        return new CheckRecord(
            Name, passed, context.ExpectedRevisions is { } expected ? string.Join(", ", expected) : "a revision",
            found.Count == 0 ? "none" : string.Join(", ", found),
            passed ? null : "somebody else migrated the database meanwhile: see alembic_version");
    }
}
