using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Runs;

public sealed class CiReportTests : IDisposable
{
    private const string Password = "hunter2-hunter2";
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-cireport-").FullName;
    private readonly StringWriter _log = new();
    private readonly Secrets _secrets = new();

    public CiReportTests() => _secrets.Add(Password);

    private string Output => Path.Combine(_folder, "output");

    private string Summary => Path.Combine(_folder, "summary");

    private string RunFolder => Path.Combine(_folder, "run");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _log.Dispose();
    }

    [Fact]
    public void GitHub_gets_the_report_as_summary_the_facts_as_outputs_and_the_headline_as_annotation()
    {
        Write(Failed(), ("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", Output), ("GITHUB_STEP_SUMMARY", Summary));
        Assert.Equal("# the report\n", File.ReadAllText(Summary));
        var outputs = Outputs();
        Assert.Equal(["outcome", "exit-code", "run", "from", "to", "report", "folder"], outputs.Select(pair => pair.Name));
        Assert.Equal(["Failed", "5", "r1", "v2", "v1", Path.Combine(RunFolder, "report.md"), RunFolder], outputs.Select(pair => pair.Value));
        Assert.StartsWith("::error title=Rollback Failed::Rollback: FAILED, a person must look: it is down%0Ahint: look", _log.ToString(), StringComparison.Ordinal);
        Assert.Contains("\n::warning title=check a%3Ab%2C c::expected 100%25, found 0%25%0Ahint: mend\n", _log.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "runback.env")));
    }

    [Fact]
    public void A_hostile_tag_sets_no_output_and_no_command()
    {
        const string Tag = "v1\nEOF\nexit-code<<EOF\n0\nEOF\n::add-mask::x";
        var result = Failed();
        result.Summary = "no release\r\n::stop-commands::x";
        result.To = new ReleaseRecord(Tag, new Dictionary<string, string>());
        Write(result, ("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", Output));
        Assert.Equal(7, Outputs().Count);
        Assert.Equal(Tag, Outputs().Single(pair => pair.Name == "to").Value);
        Assert.Equal("5", Outputs().Single(pair => pair.Name == "exit-code").Value);
        Assert.DoesNotContain(_log.ToString().Split('\n'), line => line.StartsWith("::stop", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_is_ended_by_force_has_said_where_it_writes_to()
    {
        new CiReport(name => name switch { "GITHUB_ACTIONS" => "true", "GITHUB_OUTPUT" => Output, _ => null }, _secrets, _log).Begin("r1", "/srv/run");
        Assert.Equal([("run", "r1"), ("folder", "/srv/run")], Outputs());
    }

    [Fact]
    public void Ends_of_values_are_never_the_same_twice()
    {
        var ends = WorkflowOutput.Of([("a", ""), ("b", "")]).Split('\n').Where(line => line.Contains("<<", StringComparison.Ordinal)).Select(line => line.Split("<<")[1]).ToList();
        Assert.Equal(2, ends.Distinct().Count());
        Assert.All(ends, end => Assert.True(end.Length > 32));
    }

    [Fact]
    public void No_secret_gets_into_any_of_it()
    {
        var result = Failed();
        result.Summary = $"password {Password} was refused";
        result.Checks.Add(new CheckRecord(Password, false, Password, Password, Password));
        result.From = new ReleaseRecord(Password, new Dictionary<string, string>());
        File.WriteAllText(result.Report!, $"# {Password}\n");
        Write(result, ("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", Output), ("GITHUB_STEP_SUMMARY", Summary), ("GITLAB_CI", "true"), ("CI_PROJECT_DIR", _folder));
        Assert.All((string[])[Output, Summary, Path.Combine(_folder, "runback.env")], file => Assert.DoesNotContain(Password, File.ReadAllText(file), StringComparison.Ordinal));
        Assert.DoesNotContain(Password, _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void GitLab_gets_variables_that_no_shell_reads_as_anything_else_and_the_runs_files()
    {
        var result = Failed();
        result.To = new ReleaseRecord("v1\"; $(id)\nPATH=/tmp `x`", new Dictionary<string, string>());
        Directory.CreateDirectory(Path.Combine(_folder, "runback-run"));
        File.WriteAllText(Path.Combine(_folder, "runback-run", "old"), "");
        Write(result, ("GITLAB_CI", "true"), ("CI_PROJECT_DIR", _folder));
        var lines = File.ReadAllLines(Path.Combine(_folder, "runback.env"));
        Assert.Equal(["RUNBACK_OUTCOME=Failed", "RUNBACK_EXIT_CODE=5", "RUNBACK_RUN=r1", "RUNBACK_FROM=v2", "RUNBACK_TO=v1_____id__PATH_/tmp__x_"], lines.Take(5));
        Assert.Equal(["report.md"], Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "runback-run")).Select(Path.GetFileName));
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public void A_persons_machine_gets_none_of_it()
    {
        Write(Failed(), ("GITHUB_OUTPUT", Output), ("GITHUB_STEP_SUMMARY", Summary), ("CI_PROJECT_DIR", _folder));
        Assert.Empty(_log.ToString());
        Assert.Equal([RunFolder], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void What_cannot_be_written_is_told_and_the_rest_is_written()
    {
        Write(Failed(), ("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", Output), ("GITHUB_STEP_SUMMARY", Path.Combine(_folder, "missing", "summary")));
        Assert.Contains("GITHUB_STEP_SUMMARY", _log.ToString(), StringComparison.Ordinal);
        Assert.Equal(7, Outputs().Count);
    }

    [Fact]
    public void A_report_beyond_what_GitHub_shows_is_cut_after_a_whole_line()
    {
        var report = "# first\n```\n" + string.Concat(Enumerable.Repeat(new string('\u00e9', 99) + "\n", 20_000));
        File.WriteAllText(Summary, "before\n");
        StepSummary.Append(Summary, report);
        var written = File.ReadAllText(Summary);
        Assert.InRange(new FileInfo(Summary).Length, StepSummary.Limit - 400, StepSummary.Limit);
        Assert.StartsWith("before\n# first\n```\n", written, StringComparison.Ordinal);
        Assert.Contains("\n```\n\n\n*The rest is in", written, StringComparison.Ordinal);
        Assert.All(written.Split('\n').Where(line => line.Contains('\u00e9')), line => Assert.Equal(99, line.Length));
        StepSummary.Append(Summary, report);
        Assert.InRange(new FileInfo(Summary).Length, 0, StepSummary.Limit);
        Assert.Equal("short\n", StepSummary.Fitting("short", 6));
    }

    [Theory]
    [InlineData("::add-mask::x", "\u00b7::add-mask::x")]
    [InlineData("one\n  ::error::x\r\n##[group]y", "one\n  \u00b7::error::x\r\n#\u00b7#[group]y")]
    [InlineData("it said ##[command]rm -rf x", "it said #\u00b7#[command]rm -rf x")]
    [InlineData("###[add-path]/x", "##\u00b7#[add-path]/x")]
    [InlineData("Backup: ::add-mask::x", "Backup: \u00b7::add-mask::x")]
    [InlineData("(::error file=a.py,line=1::x", "(\u00b7::error file=a.py,line=1::x")]
    [InlineData("a::b::c std::vector<std::string>", "a::b::c std::vector<std::string>")]
    [InlineData("listening on :::8000 and [::1]:80", "listening on :::8000 and [::1]:80")]
    [InlineData("std::vector ::1", "std::vector ::1")]
    public void What_a_program_said_is_no_command_for_the_runner(string said, string told) => Assert.Equal(told, Narration.Inert(said));

    [Fact]
    public void No_document_and_no_annotation_holds_a_command_and_both_say_the_same()
    {
        const string Said = "found ##[add-path]/x and ::error::y";
        var json = new RunResult { Run = "r", Target = "Rollback", Summary = Said }.ToJson();
        var inert = WorkflowCommand.InertJson(json);
        Assert.DoesNotContain("##[", inert, StringComparison.Ordinal);
        Assert.DoesNotContain("::", inert, StringComparison.Ordinal);
        Assert.Equal(Said, System.Text.Json.Nodes.JsonNode.Parse(inert)!["summary"]!.GetValue<string>());
        Assert.Equal(System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString(), System.Text.Json.Nodes.JsonNode.Parse(inert)!.ToJsonString());
        Assert.DoesNotContain("##[", WorkflowCommand.Of("error", Said, Said), StringComparison.Ordinal);
    }

    private void Write(RunResult result, params (string Name, string Value)[] variables) =>
        new CiReport(name => variables.FirstOrDefault(variable => variable.Name == name).Value, _secrets, _log).Write(result, RunFolder);

    private RunResult Failed()
    {
        Directory.CreateDirectory(RunFolder);
        var report = Path.Combine(RunFolder, "report.md");
        File.WriteAllText(report, "# the report\n");
        return new RunResult
        {
            Run = "r1",
            Target = "Rollback",
            Outcome = Outcome.Failed,
            Summary = "it is down",
            Hint = "look",
            Report = report,
            From = new ReleaseRecord("v2", new Dictionary<string, string>()),
            To = new ReleaseRecord("v1", new Dictionary<string, string>()),
            Checks = { new CheckRecord("a:b, c", false, "100%", "0%", "mend"), new CheckRecord("fine", true, "1", "1", null) },
        };
    }

    /// <summary>The outputs as GitHub's runner reads them.</summary>
    private List<(string Name, string Value)> Outputs()
    {
        var outputs = new List<(string, string)>();
        var lines = File.ReadAllText(Output).Split('\n');
        for (var at = 0; at < lines.Length - 1; at++)
        {
            var (name, end) = (lines[at].Split("<<")[0], lines[at].Split("<<")[1]);
            var value = lines.Skip(at + 1).TakeWhile(line => line != end).ToList();
            outputs.Add((name, string.Join('\n', value)));
            at += value.Count + 1;
        }
        return outputs;
    }
}
