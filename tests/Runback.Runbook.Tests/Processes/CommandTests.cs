using System.Text;
using FsCheck.Fluent;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Processes;

/// <summary>The printed form of a command, read back by a real shell.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("plain-word_1.2/3:4=5,6@7%8+9")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("it's")]
    [InlineData("'")]
    [InlineData("''")]
    [InlineData("$HOME `id` $(id) \\ \" * ? ~ ! # & | ; < > ( ) { } [ ]")]
    [InlineData("~")]
    [InlineData("two\nlines\n")]
    [InlineData("-n")]
    [InlineData("\u00e4\u20ac\U0001F600")]
    public async Task A_shell_reads_back_the_word_that_was_printed(string word) => Assert.Equal([word], await ReadBackAsync([word]));

    [Fact(Timeout = 240_000)]
    public async Task A_shell_reads_back_any_words()
    {
        var words = Gen.Sample(ArbMap.Default.GeneratorFor<string>().Select(Sendable), 400, 100);
        Assert.Equal(words, await ReadBackAsync(words));
    }

    [Fact]
    public void A_plain_word_is_printed_as_it_is() =>
        Assert.Equal("docker compose --file /srv/app/docker-compose.yml up api", new Command("docker", "compose", "--file", "/srv/app/docker-compose.yml", "up", "api").ToString());

    [Fact(Timeout = 120_000)]
    public async Task A_shell_sees_the_printed_environment_and_the_input()
    {
        var command = new Command("sh", "-c", "printf '%s|' \"$IMAGE_TAG\"; cat").WithEnvironment("IMAGE_TAG", "a 'b' $c").WithInput("SELECT '$1' -- `x`\nsecond\n");
        Assert.Equal("a 'b' $c|SELECT '$1' -- `x`\nsecond\n", await ShAsync(command.ToString()));
    }

    [Fact]
    public void A_secret_of_the_environment_is_never_printed()
    {
        var command = new Command("docker", "exec").WithSecret("PGPASSWORD", "hunter2");
        Assert.Equal("docker exec", command.ToString());
        Assert.DoesNotContain("hunter2", new CommandFailedException(command, new CommandResult(1, "", "no", TimeSpan.Zero)).Message, StringComparison.Ordinal);
        Assert.Empty(new Command("docker").WithSecret("PGPASSWORD", "").SecretEnvironment);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_secret_of_the_environment_reaches_the_command()
    {
        var output = await Shell.Quiet.ReadAsync(new Command("sh", "-c", "printf %s \"$PGPASSWORD\"").WithSecret("PGPASSWORD", "hunter2"), TestContext.Current.CancellationToken);
        Assert.Equal("hunter2", output);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_variable_that_a_command_must_not_see_is_unset_for_it_and_in_its_printed_line()
    {
        var command = new Command("sh", "-c", "printf %s \"${HOME-none} $A\"") { Unset = ["HOME"] }.WithEnvironment("A", "b c");
        Assert.StartsWith("env -u HOME A='b c' sh ", command.ToString(), StringComparison.Ordinal);
        Assert.Equal("none b c", await ShAsync(command.ToString()));
        Assert.Equal("none b c", await Shell.Quiet.ReadAsync(command, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 120_000)]
    public async Task Arguments_reach_the_command_without_a_shell_in_between()
    {
        string[] words = ["$HOME", "a b", "", "*", "'\"", "two\nlines"];
        Assert.Equal(string.Concat(words.Select(word => word + "|")), await Shell.Quiet.ReadAsync(new Command("printf", ["%s|", .. words]), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_missing_program_is_named_with_what_to_do()
    {
        var error = await Assert.ThrowsAsync<RunbookException>(() => Shell.Quiet.ReadAsync(new Command("runback-no-such-program"), TestContext.Current.CancellationToken));
        Assert.Contains("runback-no-such-program", error.Message, StringComparison.Ordinal);
        Assert.Contains("PATH", error.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_failed_command_tells_its_line_its_code_and_its_last_words()
    {
        var error = await Assert.ThrowsAsync<CommandFailedException>(
            () => Shell.Quiet.ReadAsync(new Command("sh", "-c", "echo chatter; echo first >&2; echo 'no room' >&2; exit 7"), TestContext.Current.CancellationToken));
        Assert.Equal(7, error.Result.ExitCode);
        Assert.Contains("ended with 7: first; no room", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Cancelling_ends_the_command_and_what_it_started()
    {
        var marker = Path.Combine(Path.GetTempPath(), $"runback-{Guid.NewGuid():N}");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = Shell.Quiet.TryAsync(new Command("sh", "-c", $"sh -c 'echo $$ > {marker}; exec sleep 300'; true"), cancellation.Token);
        string child;
        while (!File.Exists(marker) || (child = (await File.ReadAllTextAsync(marker, cancellation.Token)).Trim()).Length == 0)
            await Task.Delay(20, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        while (IsAlive(child))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        File.Delete(marker);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_dry_run_prints_a_change_and_does_not_make_it()
    {
        var file = Path.Combine(Path.GetTempPath(), $"runback-{Guid.NewGuid():N}");
        using var said = new StringWriter();
        var shell = new Shell(new Narration(said, new Secrets()), Journal.None, dryRun: true);
        await shell.ChangeAsync(new Command("touch", file), TestContext.Current.CancellationToken);
        await shell.ChangeAsync("by hand", () => throw new InvalidOperationException("made"));
        Assert.False(File.Exists(file));
        Assert.Equal($"  $ touch {file}\n  $ by hand\n", said.ToString());
    }

    private static bool IsAlive(string pid)
    {
        var stat = $"/proc/{pid}/stat";
        try
        {
            // A zombie that nobody has waited for yet is dead.
            return File.Exists(stat) && !File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // What an argument list can't hold: NUL, and halves of surrogate pairs.
    private static string Sendable(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes((text ?? "").Replace("\0", "", StringComparison.Ordinal)));

    private static async Task<string[]> ReadBackAsync(IReadOnlyList<string> words)
    {
        var output = await ShAsync(new Command("printf", ["%s\\0", .. words]).ToString());
        return output.Split('\0')[..^1];
    }

    private static Task<string> ShAsync(string line) => Shell.Quiet.ReadAsync(new Command("/bin/sh", "-s").WithInput(line + "\n"), TestContext.Current.CancellationToken);
}
