using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Rollbacks;

/// <summary>What a run does with the database: decided before anything changes, from the strategy and the verdict.</summary>
public enum Course
{
    /// <summary>It stays as it is, and the application goes back.</summary>
    Keep,

    /// <summary>It stays if the rehearsal shows that the target release runs on it.</summary>
    RehearseThenKeep,

    /// <summary>The rehearsal measures what each choice costs, and a person chooses.</summary>
    RehearseThenStop,

    /// <summary>It stays, and so does the application: a mending migration is written.</summary>
    ForwardFix,

    /// <summary>Its migrations are undone in place.</summary>
    Downgrade,

    /// <summary>A backup takes its place.</summary>
    Restore,
}

/// <summary>Decides a course.</summary>
public static class Courses
{
    /// <summary>
    /// Decides. <see cref="Strategy.Auto"/> keeps what is additive, keeps what calls for caution after a rehearsal, and leaves anything else to a person: it
    /// never picks an emergency strategy. An emergency strategy for a database that is already where the target wants it is none.
    /// </summary>
    /// <param name="strategy">The strategy that was asked for.</param>
    /// <param name="history">How the database stands to the target.</param>
    public static Course Decide(Strategy strategy, ReleaseHistory history) => strategy switch
    {
        Strategy.Restore => Course.Restore,
        Strategy.Downgrade when history.Path is { Kind: not PathKind.Same } => Course.Downgrade,
        Strategy.ForwardFix when history.Path is { Kind: not PathKind.Same } => Course.ForwardFix,
        Strategy.Auto when history.Assessment is { } assessment => assessment.Verdict switch
        {
            Verdict.Additive => Course.Keep,
            Verdict.Caution => Course.RehearseThenKeep,
            _ => Course.RehearseThenStop,
        },
        _ => Course.Keep,
    };

    /// <summary>Whether the database part is done on a copy first. A forward-fix brings its own trial.</summary>
    public static bool IsRehearsed(this Course course) => course is not (Course.Keep or Course.ForwardFix);

    /// <summary>Whether the application is exchanged at the end of it.</summary>
    public static bool CutsOver(this Course course) => course is not (Course.ForwardFix or Course.RehearseThenStop);

    /// <summary>Whether it is an emergency strategy, behind its own gates.</summary>
    public static bool IsEmergency(this Course course) => course is Course.Downgrade or Course.Restore;
}
