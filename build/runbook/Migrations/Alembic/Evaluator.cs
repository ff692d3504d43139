using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>
/// Follows the Python of one migration without running it and collects what it does to the database. Conditions that aren't known
/// are followed both ways, their changes marked conditional; whatever can't be followed becomes <see cref="Unknown"/>.
/// </summary>
internal sealed partial class Evaluator
{
    private const int MostSteps = 200_000;
    private const int MostCalls = 40;

    private readonly string file;
    private readonly Module module;
    private List<Change> changes = [];
    private Frame frame;
    private int conditional;
    private int steps;
    private int calls;
    private int dataDepth;
    private int holeNames;
    private bool gaveUp;
    private int raisedAt;
    private bool raisesNow;
    private bool loading;
    private string? starImport;

    internal Evaluator(Module module, string file)
    {
        this.module = module;
        this.file = file;
        Globals = new Scope(null);
        frame = new Frame(Globals, isModule: true);
    }

    /// <summary>The module's names.</summary>
    internal Scope Globals { get; }

    /// <summary>Runs the module's own statements; returns what they do, which is nothing in a sane migration.</summary>
    internal List<Change> RunModule()
    {
        loading = true;
        Block(module.Body);
        loading = false;
        raisesNow = false;
        conditional = 0;
        return Collected();
    }

    /// <summary>Follows one function of the module without arguments; returns what it does and the line where it surely raises.</summary>
    internal List<Change> Run(string function, out int? raisesAt)
    {
        raisesAt = null;
        steps = 0;
        raisedAt = 0;
        raisesNow = false;
        conditional = 0;
        var value = Globals.Find(function);
        if (value is Function { Self: null } defined)
        {
            if (defined.ForeignDecorator is { } decorator)
                Unfollowed(defined.Line, $"@{decorator}", "the decorator's code is not in this file");
            if (Invoke(defined, CallArguments.OfUnknown(defined), defined.Line, out _) == Flow.Raise)
                raisesAt = raisedAt;
        }
        else if (value is Class or Instance or Constant)
        {
            Unfollowed(1, function, "it is not a function");
        }
        else if (value is not null)
        {
            Unfollowed(1, function, "its code is not in this file");
        }

        return Collected();
    }

    private List<Change> Collected()
    {
        var result = changes;
        changes = [];
        gaveUp = false;
        return result;
    }

    private SourceLine At(int line) => new(file, line);

    private void Emit(Change change, int line)
    {
        if (gaveUp)
            return;
        var placed = change with { At = At(line), Conditional = conditional > 0 };
        // A loop of unknown length may be followed twice: one conditional change says as much as two.
        if (conditional == 0 || changes.Count == 0 || changes[^1].At.Line != line || !changes[^1].Equals(placed))
            changes.Add(placed);
    }

    private void Unfollowed(int line, string what, string why) => Emit(new Unknown(what, why), line);

    /// <summary>Counts a step; false once the migration has become too long to follow.</summary>
    private bool Step(int line)
    {
        if (gaveUp)
            return false;
        if (++steps <= MostSteps && System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return true;
        Unfollowed(line, "this loop or call", "it is too long or too deep to follow without running it");
        gaveUp = true;
        return false;
    }
}
