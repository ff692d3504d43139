namespace Runback.Runbook.Migrations.Changes;

/// <summary>What is known of one migration file after reading it: its place in the history, and what it does in each direction.</summary>
/// <param name="Revision">Its revision id.</param>
/// <param name="DownRevisions">The revisions that it follows; none for a base, several for a merge.</param>
/// <param name="File">Its file's path as the reader was given it.</param>
/// <param name="Upgrade">What <c>upgrade()</c> does, in order.</param>
/// <param name="Downgrade">What <c>downgrade()</c> does, in order; what comes after an unconditional <c>raise</c> is left out.</param>
public sealed record MigrationScript(
    string Revision,
    ValueList<string> DownRevisions,
    string File,
    ValueList<Change> Upgrade,
    ValueList<Change> Downgrade)
{
    /// <summary>Revisions that must be there first without being ancestors (<c>depends_on</c>).</summary>
    public ValueList<string> DependsOn { get; init; } = [];

    /// <summary>The labels of the branch that begins here.</summary>
    public ValueList<string> BranchLabels { get; init; } = [];

    /// <summary>What the file's comments allow.</summary>
    internal ValueList<Allowance> Allowances { get; init; } = [];

    /// <summary>The first line of the module's docstring; empty when there is none.</summary>
    public string Title { get; init; } = "";

    /// <summary>False when the module has no <c>downgrade</c> function.</summary>
    public bool HasDowngrade { get; init; } = true;

    /// <summary>The line where <c>downgrade()</c> raises whatever the database holds; null when it doesn't.</summary>
    public int? DowngradeRaisesAtLine { get; init; }

    /// <summary>The line where <c>upgrade()</c> raises whatever the database holds; null when it doesn't.</summary>
    public int? UpgradeRaisesAtLine { get; init; }
}
