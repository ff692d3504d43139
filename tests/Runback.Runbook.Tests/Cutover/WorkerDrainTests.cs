using Runback.Runbook.Cutover;

namespace Runback.Runbook.Tests.Cutover;

public sealed class WorkerDrainTests
{
    [Theory]
    [InlineData("SigCgt:\t0000000000004000", false)] // SIGTERM alone: bit 14
    [InlineData("SigCgt:\t0000000000000000", true)]
    [InlineData("SigCgt:\t0000000000000002", true)] // SIGINT alone, as Python has it
    [InlineData("SigCgt:\tffffffffffffffff", false)]
    [InlineData("SigCgt:\tffffffffffffbfff", true)]
    [InlineData("Name:\tpython\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000004002\nCapInh:\t0", false)]
    [InlineData("SigCgt:\tnot a number", false)]
    [InlineData("SigIgn:\t0000000000001000", false)]
    [InlineData("", false)]
    public void A_process_is_deaf_only_when_its_mask_of_caught_signals_lacks_sigterm(string status, bool deaf) => Assert.Equal(deaf, WorkerDrain.IsDeaf(status));

    [Fact(Timeout = 120_000)]
    public async Task This_process_which_handles_sigterm_is_not_deaf() =>
        Assert.False(WorkerDrain.IsDeaf(await File.ReadAllTextAsync("/proc/self/status", TestContext.Current.CancellationToken)));

    [Fact(Timeout = 120_000)]
    public async Task A_shell_without_a_trap_is_deaf_and_one_with_a_trap_is_not()
    {
        Assert.True(WorkerDrain.IsDeaf(await StatusAsync("cat /proc/$$/status")));
        Assert.False(WorkerDrain.IsDeaf(await StatusAsync("trap 'exit 0' TERM; cat /proc/$$/status")));
    }

    private static Task<string> StatusAsync(string script) => Runback.Runbook.Processes.Shell.Quiet.ReadAsync(
        new Runback.Runbook.Processes.Command("/bin/sh", "-c", script + "; true"), TestContext.Current.CancellationToken);
}
