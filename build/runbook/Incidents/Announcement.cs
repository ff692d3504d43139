using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents;

/// <summary>What is told to people at a moment of a run. Whatever isn't known is null and isn't mentioned.</summary>
public sealed record Announcement
{
    /// <summary>The moment.</summary>
    public required Moment Moment { get; init; }

    /// <summary>The deployment: its Compose project.</summary>
    public required string Deployment { get; init; }

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>What is done: the target's name.</summary>
    public string Target { get; init; } = "Rollback";

    /// <summary>The tag that ran before.</summary>
    public string? From { get; init; }

    /// <summary>The tag that was asked for.</summary>
    public string? To { get; init; }

    /// <summary>The strategy.</summary>
    public string? Strategy { get; init; }

    /// <summary>The incident, as it was given.</summary>
    public string? Incident { get; init; }

    /// <summary>Why there is no forward-fix.</summary>
    public string? Reason { get; init; }

    /// <summary>Who started it.</summary>
    public string? Operator { get; init; }

    /// <summary>From which host.</summary>
    public string? Host { get; init; }

    /// <summary>How long the run took.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long clients noticed it.</summary>
    public TimeSpan? Outage { get; init; }

    /// <summary>What data was lost, in words.</summary>
    public string? DataLost { get; init; }

    /// <summary>What is to be said first.</summary>
    public string? Summary { get; init; }

    /// <summary>What to do next.</summary>
    public string? Hint { get; init; }

    /// <summary>Where the report is: a path, or an https address, which becomes a link.</summary>
    public string? Report { get; init; }

    /// <summary>When it is told, UTC.</summary>
    public DateTimeOffset At { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>The announcement of a run as it stands, by this process's user and host.</summary>
    /// <param name="result">The run's result so far.</param>
    /// <param name="moment">The moment.</param>
    /// <param name="deployment">The deployment's name.</param>
    public static Announcement Of(RunResult result, Moment moment, string deployment) => new()
    {
        Moment = moment,
        Deployment = deployment,
        Run = result.Run,
        Target = result.Target,
        From = result.From?.Tag,
        To = result.To?.Tag,
        Strategy = result.Strategy,
        Incident = result.Incident,
        Reason = result.Reason,
        Operator = Environment.UserName,
        Host = Environment.MachineName,
        Duration = moment == Moment.Start ? null : (result.EndedAt ?? DateTimeOffset.UtcNow) - result.StartedAt,
        Outage = result.Outage is { } outage ? TimeSpan.FromSeconds(outage.Seconds) : null,
        Summary = result.Summary,
        Hint = result.Hint,
        Report = result.Report,
    };

    /// <summary>The same, with every text rewritten: masked, before it leaves this machine.</summary>
    internal Announcement Map(Func<string, string> rewrite)
    {
        string? May(string? text) => text is null ? null : rewrite(text);
        return this with
        {
            Deployment = rewrite(Deployment),
            Target = rewrite(Target),
            From = May(From),
            To = May(To),
            Strategy = May(Strategy),
            Incident = May(Incident),
            Reason = May(Reason),
            Operator = May(Operator),
            Host = May(Host),
            DataLost = May(DataLost),
            Summary = May(Summary),
            Hint = May(Hint),
            Report = May(Report),
        };
    }
}
