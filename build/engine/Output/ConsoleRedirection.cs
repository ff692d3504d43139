namespace Runback.Engine.Output;

/// <summary>Puts the engine's writers over <see cref="Console"/> while a build's own code runs.</summary>
internal sealed class ConsoleRedirection : IDisposable
{
    private readonly TextWriter previousOutput = Console.Out;
    private readonly TextWriter previousError = Console.Error;
    private readonly OutputStreams streams;

    /// <param name="json">What the build writes to standard output goes to standard error, until <see cref="LetDocumentThrough"/>.</param>
    public ConsoleRedirection(OutputStreams streams, bool json)
    {
        this.streams = streams;
        streams.OutputIsDiverted = json;
        Writers = [new TargetWriter(streams, toError: false), new TargetWriter(streams, toError: true)];
        Console.SetOut(Writers[0]);
        Console.SetError(Writers[1]);
    }

    public IReadOnlyList<TargetWriter> Writers { get; }

    /// <summary>From now on <see cref="Console.Out"/> is standard output.</summary>
    public void LetDocumentThrough()
    {
        EndLines();
        streams.OutputIsDiverted = false;
    }

    /// <summary>Writes what is left of unfinished lines outside of targets.</summary>
    public void EndLines()
    {
        foreach (var writer in Writers)
            writer.EndLine(null);
    }

    public void Dispose()
    {
        EndLines();
        Console.SetOut(previousOutput);
        Console.SetError(previousError);
    }
}
