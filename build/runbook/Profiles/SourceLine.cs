namespace Runback.Runbook.Profiles;

/// <summary>A line of a compose file.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Number">Which line, from 1.</param>
/// <param name="Text">What stands there, without what surrounds it.</param>
public sealed record SourceLine(string File, int Number, string Text)
{
    /// <summary>Where it is, as compilers and editors write it.</summary>
    public override string ToString() => $"{File}:{Number}";
}
