using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Migrations.Sql;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases;
using Runback.Runbook.Reports;
using Runback.Runbook.Runs;
using Runback.Runbook.Status;
using Runback.Runbook.Verification;
using Outcome = Runback.Runbook.Runs.Outcome;

namespace Runback.Runbook.Tests.Properties;

/// <summary>Whatever is written with hostile text in it: commands, SQL, the terminal, reports.</summary>
public sealed class WritingTests
{
    // As it can be on a command line: no NUL, and no half of a surrogate pair.
    private static readonly Gen<string> Words = Hostile.Text.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal));

    [Fact(Timeout = 240_000)]
    public async Task A_pasted_command_gives_its_arguments_its_environment_and_its_input_back()
    {
        var script = new StringBuilder();
        var expected = new StringBuilder();
        foreach (var words in Gen.Sample(Words.ListOf(), 150, 20))
        {
            script.Append(new Command("printf", ["%s\\0", .. words, "end"])).Append('\n');
            expected.AppendJoin('\0', [.. words, "end", ""]);
        }
        foreach (var input in (string[])["EOF", "EOF\nprintf gone", "a\nEOF\nEOF1\nb", "$x `y` \\ '", .. Gen.Sample(Words, 60, 20)])
        {
            var text = input.TrimEnd('\n');
            script.Append(new Command("sh", "-c", "cat; printf '%s\\0' \"$V\"").WithInput(input).WithEnvironment("V", text)).Append('\n');
            expected.Append(text).Append('\n').Append(text).Append('\0');
        }
        Assert.Equal(expected.ToString(), await BashAsync(script.ToString()));
    }

    [Fact(Timeout = 120_000)]
    public Task Identifiers_and_literals_are_one_token_that_reads_back() => CheckAsync(Hostile.Word.Where(text => !text.Contains('\0', StringComparison.Ordinal) && IsText(text)), text =>
    {
        var identifier = Assert.Single(Lexer.Tokens(SqlText.Identifier(text)));
        Assert.Equal((TokenKind.QuotedIdentifier, text), (identifier.Kind, identifier.Value));
        var literal = Assert.Single(Lexer.Tokens(SqlText.Literal(text)));
        Assert.Equal((TokenKind.String, text), (literal.Kind, literal.Value));
    });

    [Fact(Timeout = 120_000)]
    public Task No_name_becomes_an_option_of_a_command() => CheckAsync(Gen.OneOf(Words.Where(text => text.Length > 0), Gen.Elements("-rf", "--help", "-", "--", "-d")), text =>
    {
        if (Named(text) is { } deployment)
        {
            var compose = new Compose(deployment);
            foreach (var command in (Command[])[compose.Up([text], alone: true), compose.Pull([text]), compose.Stop([text]), compose.Logs([text]), compose.UpBeside(text, 2, alone: true)])
                Assert.False(command.Arguments[^1].StartsWith('-'), command.ToString());
            foreach (var command in (Command[])[compose.Exec(text, "alembic"), compose.RunOnce(text, [], ["alembic"])])
                Assert.False(command.Arguments[^2].StartsWith('-'), command.ToString());
        }
        Assert.False(Tag.TryParse(text, out var tag) && tag.Value.StartsWith('-'));
        Assert.False(ImageReference.TryParse(text, out var reference) && reference.ToString().StartsWith('-'));
        // The user and the database are the values of their options, and nothing in a name makes a connection string.
        var server = new PostgresServer(new PostgresServerAddress("db-1", text, text), Shell.Quiet);
        foreach (var argument in server.Program("pg_dump", "x").Arguments.Where(argument => argument.Contains(text, StringComparison.Ordinal) && text.StartsWith('-') && text.Length > 3))
            Assert.Matches("^(--[a-z-]+=|PG[A-Z]+=)", argument);
    });

    [Fact(Timeout = 240_000)]
    public Task Nothing_that_steers_a_terminal_comes_out() => CheckAsync(Hostile.Text, text =>
    {
        using var said = new StringWriter();
        var narration = new Narration(said, new Secrets());
        narration.Say(text);
        narration.Warn(text, text);
        narration.Change(new Command("x", text).WithInput(text).ToString());
        foreach (var line in StatusText.Lines(Status(text)))
            said.WriteLine(line);
        said.WriteLine(Headline.Of(new RunResult { Run = "r", Target = "Verify", Outcome = Outcome.Failed, Summary = text, Hint = text }));
        var console = PlainConsole.On(said, 80);
        console.Write(WatchView.Table(new WatchState(DateTimeOffset.UnixEpoch, text, [new CheckRecord(text, false, text, text, text) { Warnings = [text] }], null, null), masked => masked));
        said.WriteLine(TicketReport.Write(ReportOf(text)));
        Assert.DoesNotContain(said.ToString(), c => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202e' or '\u2028');
    }, tests: 60);

    [Fact(Timeout = 120_000)]
    public Task An_env_file_keeps_all_but_the_pin() => CheckAsync(Lines(), text =>
    {
        var before = new EnvFile(text);
        if (before.Problem is not null)
        {
            Assert.Equal(Outcome.Refused, Assert.Throws<RunbookException>(() => before.Set("IMAGE_TAG", "v2")).Outcome);
            return;
        }
        var after = before.Set("IMAGE_TAG", "v2");
        Assert.Equal("v2", after["IMAGE_TAG"]);
        Assert.Equal(after.Text, after.Set("IMAGE_TAG", "v2").Text);
        // One stretch differs, and lies in an assignment of the pin.
        var (start, end) = (0, 0);
        while (start < Math.Min(text.Length, after.Text.Length) && text[start] == after.Text[start])
            start++;
        while (end < Math.Min(text.Length, after.Text.Length) - start && text[^(end + 1)] == after.Text[^(end + 1)])
            end++;
        Assert.True(after.Text.Length - start - end <= "\r\nIMAGE_TAG=v2\r\n".Length, $"{text} became {after.Text}");
        foreach (var name in (string[])["A", "B", "OTHER", "IMAGE"])
            Assert.Equal(before[name], after[name]);
    });

    private static Gen<string> Lines()
    {
        var line = Gen.Elements("A=1", "# IMAGE_TAG=no", "IMAGE_TAG=old", "IMAGE_TAG=\"old\" # why", "export IMAGE_TAG='old'", " IMAGE_TAG = old ", "B=\"x\nIMAGE_TAG=inside\"", "OTHER='a # b'", "", "IMAGE=IMAGE_TAG=x", "junk", "A=\"", "B='");
        return from lines in line.ListOf() from newline in Gen.Elements("\n", "\r\n") from ends in Gen.Elements(true, false) select string.Join(newline, lines) + (ends ? newline : "");
    }

    private static Deployment? Named(string service)
    {
        try
        {
            return new Deployment
            {
                Directory = "/srv/app", ComposeFiles = ["docker-compose.yml"], EnvFile = ".env", Services = [service], DatabaseService = "db", Database = "d", DatabaseUser = "u",
                BaseUrl = new Uri("http://localhost/"), Image = "registry/app", TagVariable = "IMAGE_TAG",
            };
        }
        catch (RunbookException refusal)
        {
            Assert.Equal(Outcome.Usage, refusal.Outcome);
            Assert.NotNull(refusal.Hint);
            return null;
        }
    }

    private static DeploymentStatus Status(string text) => new()
    {
        Project = text, At = DateTimeOffset.UnixEpoch, Health = text, Readiness = text, Revisions = [text], Pin = text, Drills = text, Services = [new ServiceStatus(text, text, text, text, 1, null)],
        Serves = false, RunsWhatIsPinned = false, Backup = new BackupStatus(text, DateTimeOffset.UnixEpoch, 1, text), RollbackTarget = new RollbackTarget(text, DateTimeOffset.UnixEpoch, false, text, text), Holder = null, UnfinishedRuns = [text],
    };

    private static ReportModel ReportOf(string text)
    {
        var result = new RunResult { Run = "r", Target = "Rollback", Outcome = Outcome.Failed, Summary = text, Hint = text, Reason = text };
        result.Checks.Add(new CheckRecord(text, false, text, text, text));
        return new ReportModel { Run = "r", Result = JsonFacts.Parse(IsText(text) ? result.ToJson() : "{}") ?? [] };
    }

    private static bool IsText(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static Task CheckAsync(Gen<string> texts, Action<string> property, int tests = 200) => Task.Run(() => Prop.ForAll(texts.ToArbitrary(), property).Check(Seeded.Config.WithMaxTest(tests)), TestContext.Current.CancellationToken);

    private static async Task<string> BashAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = new UTF8Encoding(false), UseShellExecute = false, Environment = { ["LC_ALL"] = "C.UTF-8" } })!;
        var output = bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        return await output;
    }
}
