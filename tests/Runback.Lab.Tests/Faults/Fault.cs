namespace Runback.Lab.Tests.Faults;

/// <summary>What goes wrong.</summary>
/// <param name="Kind">What kind of fault it is.</param>
/// <param name="Prepare">Done before the program is started; null for nothing.</param>
/// <param name="Strike">Done at the row's moment; null for nothing.</param>
/// <param name="Mend">Takes the fault away; null where it goes by itself.</param>
internal sealed record Fault(FaultKind Kind, Func<Trial, Task>? Prepare = null, Func<Trial, Task>? Strike = null, Func<Trial, Task>? Mend = null)
{
    /// <summary>Nothing is done to it.</summary>
    public static Fault None { get; } = new(FaultKind.None);

    /// <summary>The process is killed, and nothing that it started.</summary>
    public static Fault Kill { get; } = new(FaultKind.Killed, Strike: trial => trial.KillAsync());

    /// <summary>Ctrl-C.</summary>
    public static Fault Interrupted { get; } = Signal(FaultKind.Interrupted, "INT");

    /// <summary>What a CI system or an init sends.</summary>
    public static Fault Terminated { get; } = Signal(FaultKind.Terminated, "TERM");

    /// <summary>The terminal is closed.</summary>
    public static Fault HungUp { get; } = Signal(FaultKind.HungUp, "HUP");

    private static Fault Signal(FaultKind kind, string name) => new(
        kind,
        Strike: trial =>
        {
            trial.Program.Signal(name);
            return Task.CompletedTask;
        });
}
