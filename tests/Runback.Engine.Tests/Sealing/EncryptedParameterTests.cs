using System.Text;
using Runback.Engine.Sealing;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests.Sealing;

public sealed class EncryptedParameterTests : IDisposable
{
    private const string Password = "correct horse battery";
    private const string Token = "ghp_0123456789abcdef";
    private static readonly string Value = Seal("production", "GithubToken");
    private readonly Trial trial = new();
    private readonly Vault build = new();

    public EncryptedParameterTests() => File(Value);

    public void Dispose() => trial.Dispose();

    [Theory]
    [InlineData("PARAMS_PRODUCTION_KEY")]
    [InlineData("PARAMS_KEY")]
    [InlineData("NUKE_PARAMS_PRODUCTION_KEY")]
    [InlineData("NUKE_PARAMS_KEY")]
    public void A_target_gets_the_value_with_the_password_from_the_environment_and_it_is_masked(string variable)
    {
        trial.With(variable, Password);
        var result = Run("Use");

        Assert.Equal(0, result.Code);
        Assert.Equal(Token, build.Seen);
        Assert.Contains("using ***\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, result.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, result.All, StringComparison.Ordinal);
        Assert.Equal([variable], trial.Forgotten);
    }

    [Fact]
    public void The_profiles_own_password_goes_before_the_general_one()
    {
        trial.With("PARAMS_PRODUCTION_KEY", Password).With("PARAMS_KEY", "another password");
        Assert.Equal(0, Run("Use").Code);
    }

    [Fact]
    public void A_person_is_asked_for_the_password_once()
    {
        File(Value, Seal("production", "Channels", "https://one"));
        var terminal = new ScriptedTerminal(Password);
        trial.Terminal = terminal;

        Assert.Equal(0, Run("Use").Code);
        Assert.Equal(["Password of .nuke/parameters.production.json (not shown): "], terminal.Questions);
        Assert.Equal(["https://one"], build.SeenChannels);
    }

    [Theory]
    [InlineData("UseLater")]
    [InlineData("UseToDecide")]
    [InlineData("Need")]
    public void A_target_that_reaches_the_value_by_any_way_gets_it(string target)
    {
        AssertRefused(Run(target), "PARAMS_PRODUCTION_KEY");
        trial.With("PARAMS_KEY", Password);

        Assert.Equal(0, Run(target).Code);
        Assert.True(build.HasRun);
        Assert.Equal(target == "UseLater" ? Token : null, build.Seen);
    }

    [Theory]
    [InlineData("Idle")]
    [InlineData("--help")]
    [InlineData("--help", "--json")]
    [InlineData("Use", "--plan")]
    [InlineData("Need", "--plan")]
    [InlineData("--schema")]
    public void What_doesnt_use_the_value_needs_no_password(params string[] arguments)
    {
        trial.Terminal = new ScriptedTerminal();
        var result = Run(arguments);

        Assert.Equal(0, result.Code);
        Assert.DoesNotContain("runback:v1:", result.All, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_says_that_a_value_is_encrypted() =>
        Assert.Contains("now: ***  (from .nuke/parameters.production.json, encrypted)", Run("--help", "github-token").Output, StringComparison.Ordinal);

    [Fact]
    public void A_value_that_another_source_overrides_needs_no_password()
    {
        trial.With("GITHUB_TOKEN", "given");
        Assert.Equal(0, Run("Use").Code);
        Assert.Equal("given", build.Seen);
    }

    [Fact]
    public void A_wrong_password_runs_nothing()
    {
        trial.With("PARAMS_KEY", "another password");
        AssertRefused(Run("Use"), "GithubToken can't be decrypted");
        AssertRefused(Run("Idle", "Use"), "the password is another one");
    }

    [Fact]
    public void A_changed_moved_cut_or_unknown_value_runs_nothing()
    {
        trial.With("PARAMS_KEY", Password);
        var last = Value[^1] == 'A' ? 'B' : 'A';
        foreach (var (value, expected) in (IEnumerable<(string, string)>)[
            (Value[..20] + (Value[20] == 'x' ? 'y' : 'x') + Value[21..], "can't be decrypted"),
            (Value[..^1] + last, ""),
            (Value[..^4], ""),
            (Seal("staging", "GithubToken"), "another parameter or profile"),
            (Seal("production", "Channels"), "another parameter or profile"),
            (Value.Replace(":v1:", ":v9:", StringComparison.Ordinal), "version"),
            ("v1:" + Convert.ToBase64String(new byte[32]), "NUKE's own command")])
        {
            File(value);
            AssertRefused(Run("Use"), expected);
        }
    }

    [Fact]
    public void An_encrypted_value_of_a_parameter_that_is_no_secret_is_refused()
    {
        trial.WithFile("parameters.production.json", $$"""{ "Plain": "{{Seal("production", "Plain")}}" }""");
        AssertRefused(Run("Use"), "Plain is no secret parameter");
    }

    [Fact]
    public void A_runner_is_told_to_mask_what_it_cant_know_and_nothing_else()
    {
        trial.With("PARAMS_KEY", Password).With("GITHUB_ACTIONS", "true").With("CHANNELS", "https://known.example");
        var result = Run("Use");

        Assert.Equal(0, result.Code);
        Assert.Contains($"::add-mask::{Token}\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(2, result.All.Split(Token).Length);
        Assert.DoesNotContain("https://known.example", result.All, StringComparison.Ordinal);
    }

    private static string Seal(string profile, string parameter, string text = Token) =>
        Sealer.Seal(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(Password), new SealContext(profile, parameter)).ToString();

    private void File(string token, string? channel = null) => trial.WithFile("parameters.production.json",
        $$"""{ "GithubToken": "{{token}}"{{(channel is null ? "" : $", \"Channels\": [\"{channel}\"]")}} }""");

    private Trial.Result Run(params string[] arguments) => trial.Run(build, x => x.Use, [.. arguments, "--profile", "production"]);

    private void AssertRefused(Trial.Result result, string expected)
    {
        Assert.True(result.Code == 2, result.All);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, result.All, StringComparison.Ordinal);
        Assert.False(build.HasRun);
    }
}
