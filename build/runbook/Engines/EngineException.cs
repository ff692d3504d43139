using System.Net;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Engines;

/// <summary>The engine refused what it was asked for.</summary>
/// <param name="asked">What it was asked for, to complete "expected the Docker engine to …".</param>
/// <param name="status">How it answered.</param>
/// <param name="said">What it said.</param>
/// <param name="inner">What led to it.</param>
public sealed class EngineException(string asked, HttpStatusCode status, string said, Exception? inner = null)
    : RunbookException($"expected the Docker engine to {asked}, found {(int)status}: {said}", inner: inner)
{
    /// <summary>How it answered: 404 for what isn't there, 409 for a name that is taken or a container in another state (Docker Engine API, "Errors").</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>What it said, as <c>docker</c> shows it after "Error response from daemon:".</summary>
    public string Said { get; } = said;
}
