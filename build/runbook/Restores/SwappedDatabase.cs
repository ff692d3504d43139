namespace Runback.Runbook.Restores;

/// <summary>What a swap left: the restored database under the application's name, and the one that it replaced.</summary>
/// <param name="Database">The application's database's name.</param>
/// <param name="Kept">The name of the one that was replaced.</param>
/// <param name="Mark">What its comment says.</param>
public sealed record SwappedDatabase(string Database, string Kept, DatabaseMark Mark)
{
    /// <summary>When the restored one took its place (UTC).</summary>
    public DateTimeOffset At => Mark.At;

    /// <summary>How long the swap took, in seconds: from the first session that was ended to the commit.</summary>
    public double Seconds { get; init; }

    /// <summary>The line that looks into the kept database.</summary>
    public required string LookCommand { get; init; }

    /// <summary>The line that swaps back.</summary>
    public required string ReturnCommand { get; init; }

    /// <summary>The line that would remove the kept database for good.</summary>
    public required string RemoveCommand { get; init; }

    /// <summary>The name that the restored database gets when the two are swapped back.</summary>
    public string Aside => RestoreNames.Returned(Database, Mark.Run);

    /// <summary>The line that would remove the restored database for good, after the way back.</summary>
    public required string RemoveAsideCommand { get; init; }

    /// <summary>What is kept after the swap, for the report.</summary>
    public string KeptNote => $"the database as it was: `{Kept}`; look into it: `{LookCommand}`; swap back by hand: `{ReturnCommand}`; remove it, when nobody needs it: `{RemoveCommand}`";

    /// <summary>What is kept after the way back, for the report.</summary>
    public string AsideNote => $"the restored database: `{Aside}`; remove it, when nobody needs it: `{RemoveAsideCommand}`";
}
