namespace Runback.Lab.Tests.Faults;

/// <summary>What goes wrong.</summary>
/// <param name="Prepare">Done before the program is started; null for nothing.</param>
/// <param name="Strike">Done at the row's moment; null for nothing.</param>
/// <param name="Mend">Takes the fault away; null where it goes by itself.</param>
internal sealed record Fault(Func<Trial, Task>? Prepare = null, Func<Trial, Task>? Strike = null, Func<Trial, Task>? Mend = null)
{
    /// <summary>The process is killed, and nothing that it started.</summary>
    public static Fault Kill { get; } = new(Strike: trial => trial.KillAsync());

    /// <summary>The process gets a signal.</summary>
    public static Fault Signal(string name) => new(
        // Whoever runs the tests under nohup has the hang-up ignored, and hands that on.
        Prepare: trial =>
        {
            trial.Wrapper.AddRange(["env", $"--default-signal={name}"]);
            return Task.CompletedTask;
        },
        Strike: trial =>
        {
            trial.Program.Signal(name);
            return Task.CompletedTask;
        });
}
