namespace Runback.Engine.Binding;

/// <summary>Where a parameter's value comes from.</summary>
/// <param name="Kind">Which source.</param>
/// <param name="Place">The option, variable or file.</param>
internal sealed record Origin(OriginKind Kind, string Place)
{
    /// <summary>Whether the value is encrypted there.</summary>
    public bool IsSealed { get; init; }

    public static readonly Origin Initial = new(OriginKind.Default, "");

    /// <inheritdoc />
    public override string ToString() => Kind switch
    {
        OriginKind.CommandLine => "command line",
        OriginKind.Environment => $"environment {Place}",
        OriginKind.File => Place + (IsSealed ? ", encrypted" : ""),
        _ => "default",
    };
}

/// <summary>The sources of values, the one that wins first.</summary>
internal enum OriginKind
{
    CommandLine,
    Environment,
    File,
    Default,
}
