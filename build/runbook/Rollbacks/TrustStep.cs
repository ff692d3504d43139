using Runback.Runbook.Releases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>Notes that a person vouches for a release that was rolled back from: its trouble was not its own.</summary>
/// <param name="context">The run's context.</param>
/// <param name="ledger">The deployment's ledger.</param>
public sealed class TrustStep(RollbackContext context, Ledger ledger)
{
    /// <summary>Notes it. A release that is trusted again already stays so.</summary>
    /// <exception cref="RunbookException">It wasn't rolled back from, or nobody else approved.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var request = context.Request;
        var tag = Tag.Parse(request.Tag ?? "");
        if (string.IsNullOrWhiteSpace(request.Reason) || string.IsNullOrWhiteSpace(request.ApprovedBy))
        {
            throw RunbookException.Usage(
                $"expected who vouches for {tag}, and why, found {(string.IsNullOrWhiteSpace(request.Reason) ? "no reason" : "nobody")}", "give --reason and --approved-by");
        }
        if (Operator.IsSame(request.ApprovedBy, request.Operator))
            throw RunbookException.Refused($"expected another person than {request.Operator} to vouch for {tag}, found the same", "--approved-by names the one who decided it");
        context.Confirmation.ThrowUnlessAnswerable();
        await context.BeginAsync(cancellation);
        var history = ledger.Read();
        if (history.RollbackOf(tag.Value, null) is not { } left)
        {
            if (history.Last<TrustedAgain>(tag.Value, null) is not { } trusted)
                throw RunbookException.Refused($"expected a release that was rolled back from, found that {tag} wasn't", "the Releases target lists them with what is known of each");
            context.Say($"{tag} is trusted again already: {trusted.By}, {trusted.At:yyyy-MM-dd HH:mm} UTC, {trusted.Why}");
            return;
        }
        await context.Confirmation.AskAsync($"{tag}, rolled back from on {left.At:yyyy-MM-dd HH:mm} UTC{(left.Why is null ? "" : $" ({left.Why})")}, will be trusted again.", null, cancellation);
        context.Run.Result.To = new ReleaseRecord(tag.Value, left.Digests);
        if (!context.Run.DryRun)
            ledger.Append(new TrustedAgain(tag.Value, left.Digests, DateTimeOffset.UtcNow, context.Run.Id) { By = request.ApprovedBy, Why = request.Reason });
        context.Say($"{tag} {(context.Run.DryRun ? "would be" : "is")} trusted again; --tag previous picks it once it has verified good after this");
    }
}
