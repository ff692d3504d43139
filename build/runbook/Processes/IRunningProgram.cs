namespace Runback.Runbook.Processes;

/// <summary>A program that runs somewhere, with its three streams: a process of this host, or one that an engine started in a container.</summary>
internal interface IRunningProgram : IAsyncDisposable
{
    /// <summary>Its process id on this host, or null.</summary>
    int? ProcessId { get; }

    /// <summary>What it reads; closing it ends its input and nothing else.</summary>
    Stream Input { get; }

    /// <summary>What it writes to standard output.</summary>
    Stream Output { get; }

    /// <summary>What it writes to standard error.</summary>
    Stream Error { get; }

    /// <summary>Its exit code, once it has ended and all that it wrote was taken; never faulted by the program's own failure.</summary>
    Task<int> Exit { get; }

    /// <summary>Ends it, or at least lets go of it: its streams end soon, and <see cref="Exit"/> with them.</summary>
    void Kill();
}

/// <summary>A way to run a command other than as a process of this host; the command's printed form stays what a person would type.</summary>
internal interface ICommandWay
{
    /// <summary>Starts the command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    Task<IRunningProgram> StartAsync(Command command, CancellationToken cancellation);
}
