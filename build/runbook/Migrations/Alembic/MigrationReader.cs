using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>Reads one migration file of Alembic without running it.</summary>
public static class MigrationReader
{
    /// <summary>
    /// What the file says of its place in the history and what <c>upgrade()</c> and <c>downgrade()</c> do; null when it is no migration
    /// (it has no <c>revision</c>).
    /// </summary>
    /// <param name="path">The file's path, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="PythonSyntaxException">The text isn't Python.</exception>
    /// <exception cref="MigrationFormatException">It has a <c>revision</c>, but its identifiers can't be read.</exception>
    public static MigrationScript? Read(string path, string text) => Read(path, text, null);

    /// <summary>The same for one of many files, which together may cost no more than <paramref name="pool"/> has, and which may import <paramref name="modules"/>.</summary>
    internal static MigrationScript? Read(string path, string text, EffortPool? pool, ProjectModules? modules = null)
    {
        var module = Parser.ParseModule(text);
        if (!Identifiers.IsMigration(module))
            return null;
        var evaluator = new Evaluator(module, path, pool, modules);
        var onLoad = evaluator.RunModule();
        var identifiers = Identified(evaluator, module);
        var upgrade = evaluator.Run("upgrade", out var upgradeRaises);
        var downgrade = evaluator.Run("downgrade", out var downgradeRaises);
        return new MigrationScript(
            identifiers.Revision,
            identifiers.DownRevisions,
            path,
            ((List<Change>)[.. onLoad, .. upgrade]).ToValueList(),
            ((List<Change>)[.. onLoad, .. downgrade]).ToValueList())
        {
            DependsOn = identifiers.DependsOn,
            BranchLabels = identifiers.BranchLabels,
            Allowances = Allowances.Read(text),
            Title = Title(module),
            HasDowngrade = evaluator.Globals.Find("downgrade") is not null,
            DowngradeRaisesAtLine = downgradeRaises,
            UpgradeRaisesAtLine = upgradeRaises,
        };
    }

    // A file that is too much to follow before it says which revision it is can't be placed.
    private static Identifiers Identified(Evaluator evaluator, Module module)
    {
        try
        {
            return Identifiers.Read(evaluator.Globals, module);
        }
        catch (MigrationFormatException fault) when (evaluator.LoadedInPart is { } why)
        {
            throw new MigrationFormatException($"{fault.Message}; the file was not followed to its end: {why}", fault.Line);
        }
    }

    private static string Title(Module module)
    {
        if (module.Body is not [ExpressionStatement { Value: Literal { Value: string text } }, ..])
            return "";
        var title = text.AsSpan().Trim();
        var end = title.IndexOfAny('\n', '\r');
        return (end < 0 ? title : title[..end]).Trim().ToString();
    }
}
