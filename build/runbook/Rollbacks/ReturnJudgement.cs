using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Rollbacks;

/// <summary>How well a release serves, from worst to best.</summary>
public enum ServiceLevel
{
    /// <summary>It doesn't answer, or a container doesn't run, is unhealthy, or has just been restarted after a crash.</summary>
    Down,

    /// <summary>Containers are healthy and the health path answers, but it isn't ready.</summary>
    Serving,

    /// <summary>It serves and is ready.</summary>
    Ready,
}

/// <summary>What is done with a rollback that failed.</summary>
public enum Judgement
{
    /// <summary>Nothing has changed, or what runs is verified: leave it.</summary>
    Stay,

    /// <summary>Go back to the release that ran before: it was healthier.</summary>
    Return,

    /// <summary>Going back would be no better: a person must look.</summary>
    Stop,
}

/// <summary>
/// The judgement of principle 2: production is never left worse than it was found.
/// <list type="table">
/// <item><term>nothing changed</term><description>Stay</description></item>
/// <item><term>changed, verified</term><description>Stay</description></item>
/// <item><term>changed, not verified, before better than after</term><description>Return</description></item>
/// <item><term>changed, not verified, before no better than after</term><description>Stop</description></item>
/// <item><term>changed, not verified, nothing can be observed</term><description>Stop: what can't be seen can't be exchanged either, and a pin of its own would bring a release that nobody started</description></item>
/// <item><term>changed, not verified, containers exchanged only in part</term><description>Return when before served, else Stop</description></item>
/// </list>
/// </summary>
public static class ReturnJudgement
{
    /// <summary>Judges.</summary>
    /// <param name="changed">Whether anything of the deployment was changed.</param>
    /// <param name="verified">Whether the release that runs now was verified.</param>
    /// <param name="before">How well the replaced release served.</param>
    /// <param name="after">How well what runs now serves; null when it can't be observed.</param>
    /// <param name="mixed">Whether app services run different releases now.</param>
    /// <param name="onFailure">What the operator wants on failure.</param>
    public static Judgement Judge(bool changed, bool verified, ServiceLevel before, ServiceLevel? after, bool mixed, FailureAction onFailure) =>
        !changed || verified ? Judgement.Stay
        : onFailure == FailureAction.Stop || after is null ? Judgement.Stop
        : before > after || (mixed && before > ServiceLevel.Down) ? Judgement.Return
        : Judgement.Stop;

    // A crash loop looks ready in between. A restart of long ago says nothing any more.
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(5);

    /// <summary>How well the observed release serves; kept newer migrations don't count against it (trap 3).</summary>
    public static ServiceLevel LevelOf(Situation situation) =>
        !situation.Health.IsSuccess || !situation.Services.All(state => state.Container is { } container && Stands(container, situation.At)) ? ServiceLevel.Down
        : situation.Readiness.IsReadyWith(situation.Revisions ?? [], []) ? ServiceLevel.Ready
        : ServiceLevel.Serving;

    // A health check that hasn't come to its first verdict says nothing; the answer through the proxy does.
    private static bool Stands(Container container, DateTimeOffset now) =>
        container is { IsRunning: true, Health: not "unhealthy" } && !(container.Restarts > 0 && now - container.StartedAt < Recently);
}
