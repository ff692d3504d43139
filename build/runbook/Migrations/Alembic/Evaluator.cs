using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>
/// Follows the Python of one migration without running it and collects what it does to the database. Conditions that aren't known
/// are followed both ways, their changes marked conditional; whatever can't be followed becomes <see cref="Unknown"/>.
/// </summary>
internal sealed partial class Evaluator
{
    private const int StepCost = 8;
    private const int MostCalls = 40;
    private const int MostNesting = 1_500;
    private const int MostWays = 500;
    private const int MostChanges = 20_000;

    private readonly string file;
    private readonly EffortPool? pool;
    private readonly ProjectModules? modules;
    private readonly SourceModule own;
    private List<Change> changes = [];
    private Frame frame;
    private int conditional;
    private int calls;
    private int nesting;
    private int ways;
    private int lastLine = 1;
    private int dataDepth;
    private int holeNames;
    private int raisedAt;
    private bool raisesNow;
    private bool loading;
    private SourceModule source;
    private int? outside;

    internal Evaluator(Module module, string file, EffortPool? pool = null, ProjectModules? modules = null)
    {
        this.file = file;
        this.pool = pool;
        this.modules = modules;
        Globals = new Scope(null);
        source = own = new SourceModule(module, file, Globals, isImported: false);
        frame = new Frame(Globals, isModule: true);
    }

    /// <summary>The module's names.</summary>
    internal Scope Globals { get; }

    /// <summary>Why the module's own statements were not followed to their end; null when they were.</summary>
    internal string? LoadedInPart { get; private set; }

    /// <summary>Runs the module's own statements; returns what they do, which is nothing in a sane migration.</summary>
    internal List<Change> RunModule()
    {
        loading = true;
        LoadedInPart = Follow(() => Block(own.Module.Body));
        loading = false;
        raisesNow = false;
        conditional = 0;
        return Collected();
    }

    /// <summary>Follows one function of the module without arguments; returns what it does and the line where it surely raises.</summary>
    internal List<Change> Run(string function, out int? raisesAt)
    {
        raisedAt = 0;
        raisesNow = false;
        conditional = 0;
        int? raises = null;
        Follow(() => raises = Followed(function));
        raisesAt = raises;
        return Collected();
    }

    /// <summary>Follows a function of the module; returns the line where it surely raises.</summary>
    private int? Followed(string function)
    {
        var value = Globals.Find(function) is { } found ? Followed(found) : null;
        if (value is Function { Self: null } defined)
        {
            if (defined.ForeignDecorator is { } decorator)
                Unfollowed(defined.Line, $"@{decorator}", "the decorator's code is not in this file");
            if (Invoke(defined, CallArguments.OfUnknown(defined), defined.Line, out _) == Flow.Raise)
                return raisedAt;
        }
        else if (value is Class or Instance or Constant)
        {
            Unfollowed(1, function, "it is not a function");
        }
        else if (value is not null)
        {
            Unfollowed(1, function, "its code is not in this file");
        }

        return null;
    }

    /// <summary>
    /// Follows something with an account of its own. Where that is used up, or the file nests too deeply, what was found so far stays and the rest isn't
    /// known, which is returned as the reason.
    /// </summary>
    private string? Follow(Action what)
    {
        using var account = Effort.Begin(pool);
        try
        {
            what();
            return null;
        }
        catch (TooMuchException tooMuch)
        {
            (frame, conditional, raisesNow) = (new Frame(Globals, isModule: true), 0, false);
            (calls, nesting, ways, dataDepth) = (0, 0, 0, 0);
            (source, outside) = (own, null);
            changes.Add(new Unknown("what comes here or is called here", tooMuch.Message) { At = At(lastLine) });
            return tooMuch.Message;
        }
    }

    private List<Change> Collected()
    {
        var result = changes;
        changes = [];
        return result;
    }

    private SourceLine At(int line) => new(file, Here(line));

    // Inside an imported function: the line of the migration that calls it.
    private int Here(int line) => outside ?? line;

    private void Emit(Change change, int line)
    {
        if (changes.Count >= MostChanges)
            throw new TooMuchException($"it makes more than {MostChanges} changes");
        var placed = change with { At = At(line), Conditional = change.Conditional || conditional > 0 };
        // A loop of unknown length may be followed twice: one conditional change says as much as two.
        if (conditional == 0 || changes.Count == 0 || changes[^1].At.Line != placed.At.Line || !changes[^1].Equals(placed))
            changes.Add(placed);
    }

    private void Unfollowed(int line, string what, string why) => Emit(new Unknown(what, why), line);

    /// <summary>Pays for a step.</summary>
    /// <exception cref="TooMuchException">The migration has become too long or too deep to follow.</exception>
    private void Step(int line)
    {
        lastLine = Here(line);
        Effort.Spend(StepCost);
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw TooDeep();
    }

    private static TooMuchException TooDeep() => new("it is nested too deeply, or calls itself too deeply, to be followed without running it");
}
