namespace Runback.Runbook.Verification.Metrics;

/// <summary>What this tool itself has asked of the application up to some moment. Clients feel none of it.</summary>
/// <param name="Answers">How often a path was answered with a status.</param>
/// <param name="Waiting">How many requests had no answer yet: the application may have counted them or not.</param>
public sealed record OwnRequests(IReadOnlyDictionary<(string Path, int Status), long> Answers, long Waiting)
{
    /// <summary>Nothing.</summary>
    public static OwnRequests None { get; } = new(new Dictionary<(string, int), long>(), 0);

    /// <summary>What has been asked since an earlier moment.</summary>
    public OwnRequests Since(OwnRequests earlier) => new(
        Answers.Select(one => (one.Key, Count: one.Value - earlier.Answers.GetValueOrDefault(one.Key))).Where(one => one.Count > 0).ToDictionary(one => one.Key, one => one.Count),
        Waiting);
}

/// <summary>Counts them.</summary>
internal sealed class OwnRequestCounter
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Path, int Status), long> _answers = [];
    private long _waiting;

    /// <summary>All until now.</summary>
    public OwnRequests Now
    {
        get
        {
            lock (_lock)
                return new OwnRequests(new Dictionary<(string, int), long>(_answers), _waiting);
        }
    }

    /// <summary>One is sent.</summary>
    public void Begin()
    {
        lock (_lock)
            _waiting++;
    }

    /// <summary>One has ended, with a status or without an answer.</summary>
    public void End(string path, int? status)
    {
        lock (_lock)
        {
            _waiting--;
            if (status is { } answered)
                _answers[(path, answered)] = _answers.GetValueOrDefault((path, answered)) + 1;
        }
    }
}
