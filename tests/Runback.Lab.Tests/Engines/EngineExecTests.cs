using System.Security.Cryptography;
using Runback.Lab.Tests.Backups;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.Engines;

/// <summary>Programs in a container, their streams carried by the engine: over its socket, and through <c>docker system dial-stdio</c> as for every other context.</summary>
[Collection(nameof(ProductionDatabase))]
public sealed class EngineExecTests(ProductionDatabase production) : IDisposable
{
    private readonly EngineApi _direct = new();
    private readonly EngineApi _dialled = new(cancellation => EngineConnection.DialAsync(cancellation));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _direct.Dispose();
        _dialled.Dispose();
    }

    [Tier(Tier.Default)]
    [Theory(Timeout = 240_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Output_error_and_exit_code_are_the_program_s_own(bool dialled)
    {
        var result = await Shell.Quiet.TryAsync(Exec(dialled, "sh", "-c", "echo out; echo err >&2; echo \"$GREETING\"; exit 7") with { }, Cancellation);
        Assert.Equal((7, "out\nhello; 'there'\n", "err\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Tier(Tier.Default)]
    [Theory(Timeout = 240_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_go_in_and_come_out_as_they_are_and_the_end_of_the_input_ends_nothing_else(bool dialled)
    {
        var bytes = RandomNumberGenerator.GetBytes(3_000_017);
        await using var running = await Shell.StartAsync(Exec(dialled, "sh", "-c", "cat; echo the end"), Cancellation);
        using var taken = new MemoryStream();
        var taking = running.Output.CopyToAsync(taken, Cancellation);
        await running.Input.BaseStream.WriteAsync(bytes, Cancellation);
        running.Input.Close();
        await taking;
        Assert.Equal(0, await running.WaitAsync(Cancellation));
        Assert.Equal([.. bytes, .. "the end\n"u8], taken.ToArray());
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task What_the_engine_refuses_is_said_as_docker_says_it()
    {
        var gone = await Shell.Quiet.TryAsync(EngineWay.Exec(_direct, "runback-no-such-container", [], [], ["true"]), Cancellation);
        Assert.True(!gone.Succeeded && gone.Error.Contains("Error response from daemon: No such container: runback-no-such-container", StringComparison.Ordinal), gone.Error);
        var missing = await Shell.Quiet.TryAsync(Exec(false, "runback-no-such-program"), Cancellation);
        Assert.True(!missing.Succeeded && missing.Complaint.Contains("executable file not found", StringComparison.Ordinal), missing.Complaint);
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task A_program_that_is_given_up_ends_for_whoever_waits_for_it()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = Shell.Quiet.TryAsync(Exec(false, "sh", "-c", "echo begun; exec sleep 600"), giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task A_secret_is_in_neither_the_printed_line_nor_an_argument_and_reaches_the_program()
    {
        var command = EngineWay.Exec(_direct, production.Container, [], [new("PGPASSWORD", "hunter2")], ["sh", "-c", "printf %s \"$PGPASSWORD\""]);
        Assert.Equal("hunter2", await Shell.Quiet.ReadAsync(command, Cancellation));
        Assert.DoesNotContain("hunter2", command.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(command.Arguments, argument => argument.Contains("hunter2", StringComparison.Ordinal));
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task A_log_keeps_its_two_streams_apart_and_begins_where_it_was_asked_to()
    {
        var log = await Shell.Quiet.TryAsync(EngineWay.Log(_direct, production.Container, 5), Cancellation);
        Assert.True(log.Succeeded, log.Complaint);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T", log.Error + log.Output);
        var later = await Shell.Quiet.TryAsync(EngineWay.Log(_direct, production.Container, 5, DateTimeOffset.UtcNow.AddMinutes(5)), Cancellation);
        Assert.Equal("", later.Output + later.Error);
    }

    private Command Exec(bool dialled, params string[] command) => EngineWay.Exec(dialled ? _dialled : _direct, production.Container, ["GREETING=hello; 'there'"], [], command);
}
