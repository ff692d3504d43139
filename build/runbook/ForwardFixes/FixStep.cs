using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes;

/// <summary>When a step of a fixing migration runs; what comes later may need what came before.</summary>
public enum FixPhase
{
    /// <summary>Types and their labels.</summary>
    Types,
    /// <summary>Tables.</summary>
    Tables,
    /// <summary>Columns, with what keeps them in step.</summary>
    Columns,
    /// <summary>Constraints, defaults, NOT NULL and indexes.</summary>
    Constraints,
    /// <summary>Views.</summary>
    Views,
}

/// <summary>One thing that a fixing migration does so that old code runs again.</summary>
/// <param name="Phase">When it runs.</param>
/// <param name="Subject">What it is about, in the kept schema's words: <c>bookings.status</c>.</param>
/// <param name="Does">What it does, in one sentence.</param>
/// <param name="Upgrade">Its operations.</param>
/// <param name="Downgrade">The operations that undo it, in their order.</param>
public sealed record FixStep(FixPhase Phase, string Subject, string Does, ValueList<FixOperation> Upgrade, ValueList<FixOperation> Downgrade)
{
    /// <summary>The reasons of the verdict that it answers.</summary>
    public ValueList<Reason> Answers { get; init; } = [];

    /// <summary>What it does not bring back, and what a person should know of it.</summary>
    public ValueList<string> Remarks { get; init; } = [];

    /// <summary>What fills it; runs after every other operation, since an ALTER TABLE may not follow an UPDATE with pending events.</summary>
    public ValueList<FixOperation> Backfill { get; init; } = [];
}

/// <summary>A reason of the verdict that no step answers, or not wholly.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Why">Why it can't be fixed here.</param>
/// <param name="Todo">What a person must do.</param>
public sealed record NotCovered(Reason Reason, string Why, string Todo);
