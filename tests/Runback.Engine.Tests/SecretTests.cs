using System.Text;
using System.Text.Json;
using Runback.Engine.Output;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

public sealed class SecretTests : IDisposable
{
    private const string Password = "p\"ss wörd/+&'9";
    private readonly Trial trial = new();
    private readonly Leaky build = new();

    public void Dispose() => trial.Dispose();

    public static TheoryData<string> Spellings =>
    [
        Password,
        Uri.EscapeDataString(Password),
        Uri.EscapeDataString(Password).ToLowerInvariant(),
        JsonSerializer.Serialize(Password),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)),
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + Password)),
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("me:" + Password + ":x")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("a:" + Password)),
        Password.Replace("'", "'\\''", StringComparison.Ordinal),
        Password.Replace("'", "'\"'\"'", StringComparison.Ordinal),
        Password.Replace("'", "''", StringComparison.Ordinal),
        Password.Replace("\"", "\\\"", StringComparison.Ordinal),
        "p\\\"ss\\ w\u00f6rd/+\\&\\'9",
        "p\\\"ss w\\u00f6rd/+&'9",
        "p\\\"ss w\u00f6rd\\/+\\u0026'9",
        "p%22ss+w%C3%B6rd/%2B%26%279",
        "p&quot;ss w\u00f6rd/+&amp;&#39;9",
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Password)),
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_secret_is_masked_in_every_spelling(string spelling)
    {
        build.Text = $"before {spelling} after";
        var result = Run();

        Assert.Equal(0, result.Code);
        Assert.Contains("before ", result.Output, StringComparison.Ordinal);
        Assert.Contains("***", result.Output, StringComparison.Ordinal);
        var rest = result.Output.Split("before ")[1].Split(" after")[0].Replace("***", "", StringComparison.Ordinal);
        Assert.True(rest.Length < 16, $"left over: {rest}");
        Assert.DoesNotContain("wörd", result.All, StringComparison.Ordinal);
        Assert.DoesNotContain("w%C3%B6rd", result.All, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_secret_cut_into_single_writes_is_masked()
    {
        build.Text = "[" + Password + "]";
        build.ByCharacter = true;

        Assert.Contains("[***]\n", Run().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_in_an_exception_is_masked_also_with_its_stack()
    {
        build.Throws = true;
        foreach (var result in (Trial.Result[])[Run(), Run("--verbosity", "Verbose"), Run("--json")])
        {
            Assert.Equal(1, result.Code);
            Assert.Contains("***", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(Password, result.All, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_member_that_a_target_sets_while_it_runs_is_masked_too()
    {
        build.Found = "from-the-env-file";
        Assert.Contains("found: ***\n", Run().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_of_a_secret_of_several_lines_is_masked()
    {
        trial.With("API_PASSWORD", "-----BEGIN-----\nMIIEvAIBADANBg\n-----END-----");
        build.Text = "x MIIEvAIBADANBg y";

        var result = Run();
        Assert.Contains("x *** y\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void In_GitHub_Actions_the_runner_is_told_to_mask_what_a_target_found()
    {
        trial.With("GITHUB_ACTIONS", "true");
        build.Found = "from-the-env-file";

        Assert.Contains("::add-mask::from-the-env-file\n", Run().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runner_is_told_nothing_where_its_lines_land_in_a_file()
    {
        trial.With("GITHUB_ACTIONS", "true");
        trial.IsKept = true;
        build.Found = "from-the-env-file";

        var result = Run();
        Assert.DoesNotContain("from-the-env-file", result.All, StringComparison.Ordinal);
        Assert.Contains("found: ***\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("> \"$F\"", true)]
    [InlineData("| tee \"$F\" > /dev/null", true)]
    [InlineData("| cat > \"$F\"", false)]
    [InlineData("> /dev/null", false)]
    public void A_file_is_known_by_where_a_stream_ends(string end, bool isFile)
    {
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"sh -c 'echo $$ >&2; exec sleep 30' {end}"])
        {
            RedirectStandardError = true, Environment = { ["F"] = Path.Combine(trial.Root, "log") },
        })!;
        try
        {
            var process = shell.StandardError.ReadLine()!;
            // The other side of a pipe takes its name a moment after it was made.
            for (var i = 0; i < 100 && StreamTarget.IsFile(1, process) != isFile; i++)
                Thread.Sleep(20);
            Assert.Equal(isFile && OperatingSystem.IsLinux(), StreamTarget.IsFile(1, process));
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void In_GitHub_Actions_a_failure_is_annotated_without_secrets()
    {
        trial.With("GITHUB_ACTIONS", "true");
        build.Throws = true;
        var result = Run();

        // What came from the environment of the job, the runner masks already.
        Assert.DoesNotContain("::add-mask::", result.Output, StringComparison.Ordinal);
        Assert.Contains("::group::Leak\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("::error::Leak failed: connecting with ***\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_and_plan_show_no_secret()
    {
        Assert.Contains("now: ***  (from environment API_PASSWORD)", Run("--help", "all").Output, StringComparison.Ordinal);
        foreach (var arguments in (string[][])[["--help"], ["--help", "all"], ["--help", "--json"], ["--help", "api-password"], ["--plan"], ["--schema"]])
            Assert.DoesNotContain(Password, Run(arguments).All, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_on_the_command_line_is_warned_of() =>
        Assert.Contains("warning: --api-password on the command line can be read by every user", Run("--api-password", Password).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("ab", 2)]
    [InlineData("ab s", 3)]
    [InlineData("ab sec", 3)]
    [InlineData("ab secses", 3)]
    [InlineData("ab secret", 9)]
    public void What_may_become_a_secret_is_held_back(string text, int safe)
    {
        var mask = new SecretMask();
        mask.Watch(() => "secses!");
        if (safe == 9)
            mask = new SecretMask();
        Assert.Equal(safe, mask.SafeLength(text));
    }

    [Fact]
    public void A_secret_that_begins_another_one_does_not_betray_its_rest()
    {
        var mask = new SecretMask();
        mask.Watch(() => new[] { "abc1", "abc1def" });

        Assert.Equal(0, mask.SafeLength("abc1"));
        Assert.Equal("***", mask.Apply("abc1def"));
    }

    [Fact]
    public void A_plain_word_in_a_list_of_secrets_names_a_kind_and_is_not_hidden_everywhere()
    {
        var mask = new SecretMask();
        mask.Watch(() => new[] { "github", "slack https://hooks.example/T0/B0", "sup3r" });
        mask.Watch(() => "monkey");

        Assert.Equal("github *** *** ***", mask.Apply("github slack https://hooks.example/T0/B0 sup3r monkey"));
    }

    private Trial.Result Run(params string[] arguments)
    {
        trial.Environment.TryAdd("API_PASSWORD", Password);
        return trial.Run(build, x => x.Leak, arguments);
    }

    private sealed class Leaky : NukeBuild
    {
        [Parameter, Secret] public string? ApiPassword { get; set; }

        [Secret] public string? Discovered { get; set; }

        public string Text { get; set; } = "";

        public bool ByCharacter { get; set; }

        public bool Throws { get; set; }

        public string? Found { get; set; }

        public Target Leak => _ => _.Executes(() =>
        {
            if (Throws)
                throw new InvalidOperationException($"connecting with {ApiPassword}");
            Discovered = Found;
            if (Found is not null)
                Console.WriteLine($"found: {Found}");
            if (ByCharacter)
            {
                foreach (var character in Text)
                    Console.Write(character);
                Console.WriteLine();
            }
            else
            {
                Console.WriteLine(Text);
            }
        });
    }
}
