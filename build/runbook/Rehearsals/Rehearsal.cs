using Runback.Runbook.Runs;

namespace Runback.Runbook.Rehearsals;

/// <summary>
/// Does the database part of a rollback first on a copy that is thrown away: the copy is restored from the backup on a network without any way
/// out, the target release is tried over it, the migrations run down and up again under a recorder.
/// </summary>
/// <param name="run">The run it belongs to.</param>
public sealed class Rehearsal(Run run)
{
    /// <summary>Rehearses. What fails on the copy is a finding; nothing of it is left afterwards.</summary>
    /// <exception cref="RunbookException">It couldn't be rehearsed: no room, no scratch server, a damaged dump.</exception>
    public async Task<RehearsalResult> RunAsync(RehearsalRequest request, CancellationToken cancellation)
    {
        await using var stack = await RehearsalStack.OpenAsync(run, request, cancellation);
        await stack.Pristine.CopyAsync(cancellation);
        var kept = await stack.TryAsync(request.TargetImage, request.Revisions, cancellation);
        stack.Done("target over the kept schema");
        var result = new RehearsalResult { Backup = stack.Backup, KeptSchema = kept, NoDowngrade = request.OnlyApplication ? "only the release was tried over the backup" : null };
        if (!request.OnlyApplication)
        {
            result = await new RehearsalCourse(
                request, stack.Pristine, stack.Alembic, revisions => stack.TryAsync(request.TargetImage, revisions, cancellation), stack.Done).RunAsync(result, cancellation);
        }
        return result with { Stages = stack.Stages, Seconds = stack.Seconds };
    }
}
