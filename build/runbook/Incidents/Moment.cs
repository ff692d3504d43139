using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents;

/// <summary>When people are told something.</summary>
public enum Moment
{
    /// <summary>The first change is about to be made.</summary>
    Start,

    /// <summary>Done and verified.</summary>
    Success,

    /// <summary>It failed, and a person must look.</summary>
    Failure,

    /// <summary>It failed, and production went back by itself to what ran before.</summary>
    Return,

    /// <summary>It stopped before anything changed, and a person decides what is next.</summary>
    Finish,
}

/// <summary>Moments of outcomes.</summary>
public static class Moments
{
    /// <summary>What is said of a run that ended so.</summary>
    public static Moment Of(Outcome outcome) => outcome switch
    {
        Outcome.Done => Moment.Success,
        Outcome.Returned => Moment.Return,
        Outcome.Failed or Outcome.Error => Moment.Failure,
        _ => Moment.Finish,
    };
}
