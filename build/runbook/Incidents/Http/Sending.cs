namespace Runback.Runbook.Incidents.Http;

/// <summary>One channel's sending of one moment: its requests share a deadline and are counted.</summary>
internal sealed class Sending(Transport transport, Deadline deadline, CancellationToken cancellation)
{
    /// <summary>Requests that were begun, repeats included.</summary>
    public int Attempts { get; private set; }

    /// <summary>When it must be over.</summary>
    public Deadline Deadline => deadline;

    /// <summary>Sends a request, again where that may help.</summary>
    /// <exception cref="SendingException">There was no answer.</exception>
    public Task<Answer> AskAsync(Request request) => transport.SendAsync(request, deadline, () => Attempts++, cancellation);

    /// <summary>Waits, at most to the deadline.</summary>
    public Task PauseAsync(TimeSpan pause) => Task.Delay(pause < deadline.Left ? pause : deadline.Left, cancellation);
}
