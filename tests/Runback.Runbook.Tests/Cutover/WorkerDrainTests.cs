using Runback.Runbook.Cutover;

namespace Runback.Runbook.Tests.Cutover;

public sealed class WorkerDrainTests
{
    [Theory]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000004000", null, false)] // SIGTERM alone: bit 14
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000000", null, true)]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000002", null, true)] // SIGINT alone, as Python has it
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\tffffffffffffffff", null, false)]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\tffffffffffffbfff", null, true)]
    [InlineData("Name:\tpython\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000004002\nCapInh:\t0", null, false)]
    [InlineData("SigBlk:\t0000000000000000\nSigIgn:\t0000000000004000\nSigCgt:\t0000000000000002", null, true)] // It ignores SIGTERM.
    [InlineData("SigBlk:\t0000000000004000\nSigCgt:\t0000000000000000", null, false)] // It takes SIGTERM when it looks for it.
    [InlineData("Name:\ttini\nSigBlk:\t0000000000000000\nSigCgt:\t0000000000000000\n128 0x7ffd 0x7ffe 0x0 0x8 0x0 0x0 0x7ffc 0x7f00", null, false)] // It waits for signals.
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000000\n133 0xffff 0x8 0x0 0x0 0x0 0x0 0xfffe 0xfffd", null, false)]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000000\n7 0x7ffd 0x1 0xffffffff 0x0 0x0 0x0 0x7ffc 0x7f00", null, true)]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000004", "SIGQUIT", false)] // Stopped with what it handles: nginx, PHP-FPM.
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000002", "INT", false)]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000002", "2", false)]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000004000", "SIGQUIT", true)]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000000", "SIGRTMIN+3", false)]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000000", "0", false)]
    [InlineData("SigBlk:\t0000000000000000\nSigCgt:\tnot a number", null, false)]
    [InlineData("SigCgt:\t0000000000000000", null, false)]
    [InlineData("SigIgn:\t0000000000001000", null, false)]
    [InlineData("", null, false)]
    public void A_process_is_deaf_only_when_it_neither_catches_nor_blocks_its_stop_signal(string status, string? signal, bool deaf) =>
        Assert.Equal(deaf, signal is null ? WorkerDrain.IsDeaf(status) : WorkerDrain.IsDeaf(status, signal));

    [Theory]
    [InlineData("1\n37\nself\nstat\nnet\n", true)]
    [InlineData("1 self 12 stat", true)]
    [InlineData("1\n7\n37\nself\n", false)]
    [InlineData("", false)]
    public void A_process_1_with_others_beside_it_may_hand_signals_on(string entries, bool alone) => Assert.Equal(alone, WorkerDrain.IsAlone(entries));

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
