using Runback.Runbook.Migrations.Alembic;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Python;
using Runback.Runbook.Runs;

namespace Runback.Runbook.ForwardFixes;

/// <summary>A plan as a migration file: the file that <c>alembic revision</c> made, with its two bodies filled and all else kept.</summary>
public static class FixMigration
{
    private const string Hint = "the project's script.py.mako must give empty upgrade() and downgrade() functions, and import op and sqlalchemy as sa; or write the fix by hand";

    /// <summary>Fills the bodies of a new migration file.</summary>
    /// <param name="file">The file's text as <c>alembic revision</c> made it: both functions empty.</param>
    /// <param name="plan">What it shall do; at least one step.</param>
    /// <exception cref="RunbookException">The file isn't one whose bodies can be filled.</exception>
    public static string Fill(string file, FixPlan plan)
    {
        var text = file.ReplaceLineEndings("\n");
        Module module;
        try
        {
            module = Parser.ParseModule(text);
        }
        catch (PythonSyntaxException fault)
        {
            throw new RunbookException($"expected Python from `alembic revision`, found at line {fault.Line}: {fault.Message}", Hint);
        }
        if (!Imports(module, "op"))
            throw new RunbookException("expected the new migration to import op from alembic, found that it doesn't", Hint);
        var upgrade = Body([.. Remarks(plan), .. plan.Upgrade], Imports(module, "sa"));
        var downgrade = Body([.. plan.Downgrade], Imports(module, "sa"));
        // The later one first: lines before it keep their numbers.
        List<(FunctionDefinition Function, IReadOnlyList<string> Body)> bodies = [(Empty(module, "upgrade"), upgrade), (Empty(module, "downgrade"), downgrade)];
        var lines = text.Split('\n').ToList();
        foreach (var (function, body) in bodies.OrderByDescending(pair => pair.Function.Line))
            Replace(lines, function, body);
        var filled = string.Join('\n', lines);
        // What was written is read again by the reader that judges migrations: nothing unreadable leaves here.
        _ = MigrationReader.Read("fix", filled) ?? throw new RunbookException("expected the new migration to have a revision, found none", Hint);
        return filled;
    }

    /// <summary>The lines of a function's body, without indentation.</summary>
    /// <param name="operations">Its operations, in order.</param>
    /// <param name="sa">Whether the file knows SQLAlchemy as <c>sa</c>.</param>
    internal static IReadOnlyList<string> Body(IReadOnlyList<FixOperation> operations, bool sa)
    {
        List<string> lines = [.. operations.SelectMany(operation => Lines(operation, sa))];
        if (operations.All(operation => operation is Remark))
            lines.Add("pass");
        return lines;
    }

    private static IEnumerable<FixOperation> Remarks(FixPlan plan)
    {
        foreach (var step in plan.Steps)
        {
            yield return new Remark($"{step.Subject}: {step.Does}.");
            foreach (var remark in step.Remarks)
                yield return new Remark($"  {remark}");
        }
        foreach (var left in plan.Remaining)
            yield return new Remark($"Not covered: {left.Reason.Subject} ({left.Reason.Rule}): {left.Why}.");
    }

    private static IEnumerable<string> Lines(FixOperation operation, bool sa) => operation switch
    {
        Remark remark => ["# " + PythonText.Comment(remark.Text)],
        AddColumn { Default: null } add when sa && Plain(add.Table, add.Column) && SqlAlchemyType.Of(add.Type) is { } type =>
            [$"op.add_column({Table(add.Table)}, sa.Column({PythonText.Literal(add.Column)}, {type}, nullable=True){Schema(add.Table)})"],
        AddColumn add => Sql([$"ALTER TABLE {SqlName.Of(add.Table)} ADD COLUMN {SqlName.Of(add.Column)} {add.Type}{(add.Default is { } value ? $" DEFAULT {value}" : "")}"]),
        RemoveColumn remove when Plain(remove.Table, remove.Column) => [$"op.drop_column({Table(remove.Table)}, {PythonText.Literal(remove.Column)}{Schema(remove.Table)})"],
        RemoveColumn remove => Sql([$"ALTER TABLE {SqlName.Of(remove.Table)} DROP COLUMN {SqlName.Of(remove.Column)}"]),
        SetNullable set when Plain(set.Table, set.Column) =>
            [$"op.alter_column({Table(set.Table)}, {PythonText.Literal(set.Column)}, nullable={(set.Nullable ? "True" : "False")}{Schema(set.Table)})"],
        SetNullable set => Sql([$"ALTER TABLE {SqlName.Of(set.Table)} ALTER COLUMN {SqlName.Of(set.Column)} {(set.Nullable ? "DROP" : "SET")} NOT NULL"]),
        RunSql run => Sql(run.Lines),
        _ => throw new InvalidOperationException($"no way to write {operation.GetType().Name}"),
    };

    // Parameters are looked for in the whole text, so it is escaped as a whole; that never crosses a line.
    private static IEnumerable<string> Sql(ValueList<string> lines) => lines.Count == 1 || lines.Any(line => line.Any(char.IsControl))
        ? [$"op.execute({PythonText.Literal(PythonText.ForText(string.Join(' ', lines)))})"]
        : ["op.execute(", "    \"\"\"", .. lines.Select(line => "    " + PythonText.Inner(PythonText.ForText(line))), "    \"\"\"", ")"];

    private static bool Plain(ObjectName table, string column) =>
        SqlName.IsPlain(column) && SqlName.IsPlain(table.Name) && (table.Schema is null || SqlName.IsPlain(table.Schema));

    private static string Table(ObjectName table) => PythonText.Literal(table.Name);

    private static string Schema(ObjectName table) => table.Schema is { } schema ? $", schema={PythonText.Literal(schema)}" : "";

    private static bool Imports(Module module, string name) => module.Body.Any(statement => statement switch
    {
        FromImportStatement from => from.Names.Any(imported => (imported.Alias ?? imported.Name) == name),
        ImportStatement import => import.Names.Any(imported => (imported.Alias ?? imported.Name) == name),
        _ => false,
    });

    // A function that does nothing: a docstring at most, and `pass`.
    private static FunctionDefinition Empty(Module module, string name)
    {
        var function = module.Body.OfType<FunctionDefinition>().LastOrDefault(function => function.Name == name)
            ?? throw new RunbookException($"expected a function {name}() in the new migration, found none", Hint);
        var body = function.Body.Where(statement => statement is not ExpressionStatement { Value: Literal { Value: string } }).ToList();
        return function.Parameters.Count == 0 && body is [PassStatement]
            ? function
            : throw new RunbookException($"expected an empty {name}() in the new migration, found one that already does something", Hint);
    }

    private static void Replace(List<string> lines, FunctionDefinition function, IReadOnlyList<string> body)
    {
        var at = function.Body.OfType<PassStatement>().Single().Line - 1;
        if (lines[at].Trim() != "pass")
            throw new RunbookException($"expected `pass` alone in a line of {function.Name}(), found `{lines[at].Trim()}`", Hint);
        var indent = lines[at][..lines[at].IndexOf('p', StringComparison.Ordinal)];
        lines.RemoveAt(at);
        lines.InsertRange(at, body.Select(line => indent + line));
    }
}
