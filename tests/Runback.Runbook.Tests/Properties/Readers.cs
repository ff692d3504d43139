using System.Formats.Tar;
using System.Net;
using System.Text;
using Runback.Ci;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Drills.Beside;
using Runback.Runbook.Incidents;
using Runback.Runbook.Incidents.Channels;
using Runback.Runbook.Incidents.FollowUps;
using Runback.Runbook.Incidents.GitHub;
using Runback.Runbook.Incidents.Http;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Migrations.Sql;
using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Reports;
using Runback.Runbook.Reports.Journals;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;
using Runback.Runbook.Switches;
using Runback.Runbook.Verification;
using Runback.Runbook.Verification.Logs;
using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Tests.Properties;

/// <summary>Something that reads what others wrote.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Read">Reads, and looks at what came of it.</param>
/// <param name="Samples">What it reads on a good day.</param>
internal sealed record Reader(string Name, Action<string> Read, params string[] Samples)
{
    /// <summary>Pieces that make a text of a megabyte hard for this reader.</summary>
    public IReadOnlyList<string> Hard { get; init; } = [];

    /// <summary>Texts that chance finds too seldom.</summary>
    public IReadOnlyList<string> Odd { get; init; } = [];

    /// <summary>The exception, beside a <see cref="RunbookException"/>, by which it refuses.</summary>
    public Type? Refusal { get; init; }

    public override string ToString() => Name;
}

/// <summary>Every reader. Adding one is adding a line here.</summary>
internal static class Readers
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static readonly ImageReference Image = ImageReference.Parse("registry.example.com:5000/team/api:old");

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("image reference", text => ImageReference.Parse(text), "registry.example.com:5000/team/api:v1@" + Digest) { Hard = ["a/", "a.", "a-"] },
        new("release reference", text => ReleaseReference.Parse(text), "localhost:5000/a/b:v1@" + Digest),
        new("tag request", text => TagRequest.Parse(text, Image), "previous", "2025-12-15-rc1"),
        new("digest", text => Runbook.Releases.Digest.TryParse(text, out _), Digest),
        new("ledger", text => LedgerHistory.Parse(text).Previous(new RunningRelease("v1", new Dictionary<string, string>())),
            $$"""{"version":1,"event":"verifiedGood","tag":"v1","at":"2026-01-01T00:00:00Z","run":"r","digests":{"api":"{{Digest}}"},"heads":["a"]}""" + "\n") { Hard = ["{}\n", "{\"tag\":\"v1\"}\n"] },
        new("journal", text => Journal(JournalReading.Parse(new StringReader(text))),
            """{"at":"2026-01-01T00:00:00Z","event":"begin","version":1,"user":"u","host":"h"}""" + "\n" + """{"at":"2026-01-01T00:00:01Z","event":"change","number":1,"command":"docker compose up"}""" + "\n") { Hard = ["{\"event\":\"step\"}\n"] },
        new("return point", ReturnPointOf, """{"event":"found","tag":"v1","pin":"v1","image":"sha256:1","digests":{"api":"x"},"level":"Ready"}""" + "\n{\"event\":\"changing\",\"image\":\"x\"}\n"),
        new("result", text => Written("result.json", text, (folder, _) => TicketReport.Write(ReportModel.Read(folder))), """{"run":"r","target":"Rollback","outcome":"Done","steps":[{"name":"Backup","outcome":"Done","seconds":1}],"logChanges":{"beforeSeconds":1,"afterSeconds":2,"changes":[{"kind":"New","service":"api","level":"Error","before":0,"after":1,"sample":"x"}]}}"""),
        new("holder", text => Holder.FromLabel(text), """{"Run":"r","Target":"Rollback","User":"u","Host":"h","Since":"2026-01-01T00:00:00Z"}"""),
        new("facts of a dump", text => Written("x.dump.json", text, (folder, _) => BackupFacts.Read(Path.Combine(folder, "x.dump"))), """{"version":1,"run":"r","database":"d","bytes":5,"sha256":"ab","tables":[{"schema":"public","table":"t","rows":1}]}"""),
        new("name of a dump", text => BackupName.Parse(text), "pg_cleaning_20260101T000000Z.dump"),
        new("checksum file", text => ChecksumFile.Parse(text, "x.dump"), $"{Digest[7..]}  x.dump\n", $"SHA256 (x.dump) = {Digest[7..]}\n"),
        new("env file", text => EnvFileOf(text), "# c\r\nA=1\nexport IMAGE_TAG=\"v1\" # why\nB='x\ny'\n") { Hard = ["A='\nB=\"\n", "A=\"\\", "export ", "A=\"\\\"\n", "A= #"] },
        new("compose project", text => ComposeProject.Parse(text).DependenciesOf(["api"]), """{"name":"p","services":{"api":{"image":"a:1","depends_on":{"db":{}},"environment":{"A":"1","B":null},"expose":["8000","9000-9002/tcp"],"ports":[{"target":80,"protocol":"tcp"}],"command":["a","b"],"networks":{"default":{"aliases":["x"]}}},"db":{"image":"postgres"}}}""")
        {
            Odd = ["""{"name":"p","services":{"a":{"expose":["0-2000000000"]}}}""", """{"name":"p","services":{"a":{"expose":["9-1"]}}}""", """{"name":"p","services":{"a":{"ports":[{"target":99999999999}]}}}""", """{"name":"p","name":"q","services":{}}"""],
        },
        new("isolated copy", IsolatedOf, """{"name":"p","services":{"api":{"image":"a:TAG","volumes":[{"type":"bind","source":"/x","target":"/y"}],"ports":[{"target":80,"published":"80"}],"networks":{"default":null}},"db":{"image":"postgres","volumes":[{"type":"volume","source":"d","target":"/d"}]}},"networks":{"default":{}},"volumes":{"d":{}}}"""),
        new("readiness", text => ReadinessOf(text), """{"ok":true,"checks":[{"name":"db","ok":true},{"name":"migrations","ok":false,"detail":{"message":"m","current_version":"a","expected_heads":["b"],"age_seconds":5,"threshold_seconds":60}}]}"""),
        new("answer to a smoke request", text => SmokeRequest.Parse("/x 200 $[0].a $.a=1 $").Judge(Answered(text)), """[{"a":1}]""", """{"a":1}"""),
        new("smoke request", text => SmokeRequest.Parse(text), "GET /bookings?limit=1 200 $[0].id $[0].state=open"),
        new("JSON condition", text => JsonCondition.TryParse(text)?.ToString(), "$.a[0].b=c") { Hard = [".a", "[0]", "$.a="] },
        new("pattern", text => SafePattern.Parse(text, "a pattern").IsMatch("x"), "^a(b|c)+$") { Hard = ["(a", "a{9}"] },
        new("duration", text => Duration.Parse(text, "--wait"), "1h30m", "90s") { Odd = ["\u0663s", "1h\u0663\u0660m"] },
        new("series", text => SeriesSelector.Parse(text).Matches(new MetricSample("a", new Dictionary<string, string>(), 1)), "http_requests_total{status=~\"5..\",method!=\"GET\"}") { Hard = ["a{b=\"", "a=\"b\","] },
        new("metrics", text => MetricsPage.Parse(text), "# TYPE a counter\na{b=\"c\\n\"} 1 1700000000\nd 2.5e3\n{\"e\",f=\"g\"} NaN\n") { Refusal = typeof(FormatException), Hard = ["a 1\n", "a{", "a{b=\"", "# TYPE a b\n"] },
        new("log", text => LogOf(text), "2026-01-01T00:00:00.123456789Z ERROR it's down\n2026-01-01T00:00:01Z Traceback (most recent call last):\n2026-01-01T00:00:01Z   File\n2026-01-01T00:00:01Z ValueError: x\n", """2026-01-01T00:00:00Z {"level":"error","msg":"GET /a?b 500"}""") { Odd = ["2026-01-01T00:00:00Z {\"msg\":\"\\ud800\"}", "2026-01-01T00:00:00Z {\"\\ud800\":\"x\"}"], Hard = ["2026-01-01T00:00:00Z  x\n", "2026-01-01T00:00:00Z Traceback (most recent call last)\n", "'", "0x", "GET /a?", "://a:"] },
        new("switch", text => SwitchDeclaration.Parse(text), "exports: EXPORT_MODE=off|on in api,jobs; off GET /exports 503"),
        new("mark of a database", text => DatabaseMark.Parse(text), new DatabaseMark(RestoreStage.Ready, "r", "d").ToString()),
        new("df", text => ContainerVolume.Read(text), "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a b 100 50 50 50% /var/lib\n") { Hard = [" 1", "1 1 1 1% /"] },
        new("alembic.ini", text => AlembicIni.Parse(text, "x"), "[alembic]\nscript_location = %(here)s/alembic\nversion_locations = a\n  b\n") { Hard = ["[alembic]\na=b\n", "[alembic]\na = b\n" + string.Concat(Enumerable.Repeat(" x\n", 100))] },
        new("tar of migrations", text => MigrationArchive.Read(new MemoryStream(Encoding.Latin1.GetBytes(text))), Tar()),
        new("SQL", text => SqlClassifier.Classify(text, new("x.py", 1)), "ALTER TABLE a ADD COLUMN b int NOT NULL DEFAULT 5;\nCREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 'a'; END $$ LANGUAGE plpgsql; UPDATE a SET b = E'\\'';") { Hard = ["$a$", "/*", "$$", "E'\\", "a.", "(", "CASE ", "::int", "ALTER TABLE a ", ";", "U&'"] },
        new("SQL type", text => TypeText.Parse(text), "character varying(40)[]", "numeric(10, 2)"),
        new("complaint", text => PostgresComplaint.Explain("it to work", text, 1), "psql:<stdin>:1: ERROR:  42P01: relation \"a\" does not exist\nLOCATION:  x\n") { Hard = ["LOCK TABLE ", "permission denied while trying to connect to the ", "cannot execute ", "role \"", "server version: ", "database \"", "ERROR: "] },
        new("command line", text => CommandLine.Split(text), "./backup.sh 'a b' \"c \\\" d\" e\\ f"),
        new("channel", text => ChannelList.Parse(text.Split('\n'), new AnnouncerOptions(), new Secrets()), "slack https://hooks.slack.com/services/T0/B0/xyz\nslack-bot #ops\ngithub\nwebhook https://example.com/?token=a"),
        new("template", text => FollowUpTemplate.Parse(text, "t.md"), "# Fix {release}\n\n{target}\n"),
        new("GitHub's address", text => GitHubServer.Parse(text), "https://github.example.com/api/v3"),
        new("incident", text => GitHubServer.Parse(null).Issue(text, "a/b"), "https://github.com/a/b/issues/1", "a/b#2", "#3"),
        new("base URL", text => Urls.Base(text), "https://api.example.com"),
        new("answer of a service", text => AnswerOf(text), """{"id":1,"ok":false,"error":{"message":"x"}}"""),
        new("challenge", text => Challenge.Read(text), "Bearer realm=\"https://a/token\",service=\"b\",scope=\"repository:c:pull\", Basic realm=\"x\"") { Hard = ["a=\"", "a\"", "a =", "!"] },
        new("registry's answer", text => Registry(text), $$"""{"tags":["v1","v2"],"config":{"digest":"{{Digest}}","size":1},"layers":[{"digest":"{{Digest}}","size":1}],"created":"2026-01-01T00:00:00Z","errors":[{"code":"DENIED"}]}"""),
        new("next page", text => TagList.Next(Answer("{}", "Link", text), new Uri("https://r/")), "</v2/a/tags/list?last=b>; rel=\"next\"") { Hard = ["<a>;a=", "<", "<a>; rel=\"", "<a>;a "] },
        new("drills", text => Written("drills.jsonl", text, (_, file) => Shown(DrillLine.Blocks(DrillLine.Read(file, 50)))), """{"run":"r","startedAt":"2026-01-01T00:00:00Z","outcome":"Done","rollbackSeconds":41.2,"traffic":{"outageSeconds":1},"objectives":{"rollbackSeconds":60}}""" + "\n"),
        new("traffic", text => Written("traffic.jsonl", text, (_, file) => TrafficPoint.Read(file)), """{"at":"2026-01-01T00:00:00Z","ms":5,"status":200}""" + "\n"),
        new("cron", text => Cron.Parse(text).OnCalendar(), "*/5 3-4 1,15 jan-mar sun") { Refusal = typeof(DeclarationException), Hard = ["*,", "1-2/3,", "* "] },
    ];

    private static void Journal(JournalReading reading)
    {
        LoggedCommand.Of(reading.Entries);
        StepSpan.Of(reading.Entries);
        TicketReport.Write(new ReportModel { Run = "r", Journal = reading });
    }

    private static void Shown(IEnumerable<Block> blocks) => Assert.NotEmpty(blocks.ToList());

    private static void EnvFileOf(string text)
    {
        var set = new EnvFile(text).Set("IMAGE_TAG", "v2");
        Assert.Equal("v2", set["IMAGE_TAG"]);
    }

    private static void ReadinessOf(string text)
    {
        var readiness = Readiness.From(Answered(text));
        Assert.True(readiness.Problem is not null || readiness.Checks.Count > 0);
        Assert.NotEmpty(readiness.Found);
    }

    private static ProbeResult Answered(string body) => new(new Uri("http://localhost/"), 200, body, "application/json", null, TimeSpan.Zero);

    private static void AnswerOf(string text)
    {
        var answer = new Answer(HttpStatusCode.OK, text, null, null);
        answer.Member("id");
        answer.Member("error", "message");
        answer.Member("a", "a");
    }

    private static RegistryAnswer Answer(string body, string header, string value) =>
        new(HttpStatusCode.OK, new Uri("https://r/v2/"), new[] { (header, value) }.ToLookup(pair => pair.header, pair => pair.value), Encoding.UTF8.GetBytes(body));

    private static void Registry(string text)
    {
        var answer = Answer(text, "Retry-After", text);
        Assert.True(answer.ErrorCodes.Count <= 3);
        answer.RetryAfter(DateTimeOffset.UnixEpoch);
        Assert.True(Runbook.Releases.Digest.TryParse(Digest, out var digest));
        foreach (var read in (Action[])[() => TagList.Read(answer), () => Manifest.Read(answer, digest), () => ImageConfig.Read(answer, digest)])
        {
            try
            {
                read();
            }
            catch (RunbookException refusal)
            {
                Assert.NotNull(refusal.Hint);
            }
        }
    }

    private static void LogOf(string text)
    {
        var events = LogEvent.Of(text.Split('\n').Select(LogLine.TryParse).OfType<LogLine>());
        foreach (var group in LogGroup.Of("api", events, new LogOptions()))
            Assert.DoesNotContain(group.Sample + group.Shape, c => char.IsControl(c) && c != '\t');
    }

    private static void IsolatedOf(string text)
    {
        if (JsonFacts.Parse(text) is { } resolved)
        {
            IsolatedProject.Of(resolved, new IsolationPlan
            {
                Name = "p-drill", Services = ["api", "db"], Left = ["jobs"], Tag = "TAG", TagVariable = "IMAGE_TAG", Labels = new Dictionary<string, string>(), IsFile = _ => false,
            });
        }
    }

    private static void ReturnPointOf(string text) => Written("journal.jsonl", text, (folder, _) =>
    {
        var state = Path.GetDirectoryName(Path.GetDirectoryName(folder))!;
        Runbook.Rollbacks.ReturnPoint.OfLastRun(state, "other");
        Runbook.Rollbacks.ReturnPoint.OfUnfinishedRun(state);
    });

    private static void Written(string name, string text, Action<string, string> read)
    {
        var root = Directory.CreateTempSubdirectory("runback-reader-").FullName;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, "runs", "r1")).FullName;
            File.WriteAllText(Path.Combine(folder, name), text);
            read(folder, Path.Combine(folder, name));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Tar()
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "versions/a.py") { DataStream = new MemoryStream("revision = 'a'\n"u8.ToArray()) });
        return Encoding.Latin1.GetString(bytes.ToArray());
    }
}
