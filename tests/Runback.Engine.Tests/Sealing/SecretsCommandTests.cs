using System.Text.Json.Nodes;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests.Sealing;

public sealed class SecretsCommandTests : IDisposable
{
    private const string Password = "correct horse battery";
    private const string Token = "ghp_0123456789abcdef";
    private readonly Trial trial = new();

    public SecretsCommandTests() => trial.WithFile("parameters.production.json", "{\n  // who we are\n  \"Plain\": \"x\"\n}\n");

    public void Dispose() => trial.Dispose();

    private string File => Path.Combine(trial.Root, ".nuke", "parameters.production.json");

    [Fact]
    public void A_value_from_standard_input_is_stored_encrypted_beside_what_was_there()
    {
        trial.With("PARAMS_PRODUCTION_KEY", Password).Input = Token + "\n";
        var result = Run("production", "GithubToken");

        Assert.Equal(0, result.Code);
        Assert.Equal("GithubToken is encrypted in .nuke/parameters.production.json\n", result.Output);
        var text = System.IO.File.ReadAllText(File);
        Assert.StartsWith("{\n  // who we are\n  \"Plain\": \"x\",\n  \"GithubToken\": \"runback:v1:", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
        Assert.Equal(Token, Used("production").Seen);
    }

    [Fact, System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void The_file_is_its_owners_alone_and_no_other_is_left()
    {
        trial.With("PARAMS_KEY", Password).Input = Token;
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Assert.Equal(0, Run("production", "GithubToken").Code);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal([File], Directory.GetFiles(Path.Combine(trial.Root, ".nuke")));
    }

    [Fact]
    public void Without_input_the_parameters_own_variable_is_taken()
    {
        trial.With("PARAMS_KEY", Password).With("GITHUB_TOKEN", Token);
        Assert.Equal(0, Run("production", "github-token").Code);
        trial.Environment.Remove("GITHUB_TOKEN");

        Assert.Equal(Token, Used("production").Seen);
    }

    [Fact]
    public void Without_any_value_nothing_happens()
    {
        trial.With("PARAMS_KEY", Password);
        AssertRefused(Run("production", "GithubToken"), "No value was given");
    }

    [Theory]
    [InlineData("production", "GithubToken", Token)]
    [InlineData("GithubToken", Token)]
    [InlineData("production", Token)]
    [InlineData(Token)]
    [InlineData("production", "GithubToken", "--value", Token)]
    [InlineData("production", "GithubToken", "--" + Token)]
    public void A_value_on_the_command_line_is_refused_and_not_repeated(params string[] words)
    {
        // All else that a value needs is there.
        trial.With("PARAMS_KEY", Password).Input = "another value";
        var before = System.IO.File.ReadAllText(File);
        var result = Run(words);

        AssertRefused(result, "hint: ");
        Assert.DoesNotContain(Token, result.All, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_person_types_the_new_password_twice_and_the_value_once()
    {
        var terminal = new ScriptedTerminal(Password, Password, Token);
        trial.Terminal = terminal;
        var result = Run("production", "GithubToken");

        Assert.Equal(0, result.Code);
        Assert.Equal(["New password for .nuke/parameters.production.json (not shown): ", "The same again: ", "Value of GithubToken (not shown): "], terminal.Questions);
        trial.Terminal = new ScriptedTerminal(Password);
        Assert.Equal(Token, Used("production").Seen);
    }

    [Theory]
    [InlineData("not the same", Password, "correct horse batterz")]
    [InlineData("at least 12", "short", "short")]
    [InlineData("No password", "")]
    public void A_new_password_that_wont_do_is_refused(string expected, params string[] typed)
    {
        trial.Terminal = new ScriptedTerminal(typed);
        AssertRefused(Run("production", "GithubToken"), expected);
    }

    [Fact]
    public void A_further_value_needs_the_password_of_the_file()
    {
        trial.With("PARAMS_KEY", Password).Input = Token;
        Assert.Equal(0, Run("production", "GithubToken").Code);
        var before = System.IO.File.ReadAllText(File);
        trial.With("PARAMS_KEY", "another password");

        AssertRefused(Run("production", "Channels"), "can't be decrypted");
        Assert.Equal(before, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_person_without_a_name_is_shown_what_there_is_and_asked_until_done()
    {
        var terminal = new ScriptedTerminal("nonsense", "channels", Password, Password, "https://one", "https://two", "", "GithubToken", Token, "");
        trial.Terminal = terminal;
        var result = Run("production");

        Assert.Equal(0, result.Code);
        Assert.Contains("  GithubToken  -\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("  Channels     encrypted\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("no secret parameter of that name", result.Output, StringComparison.Ordinal);
        trial.Terminal = new ScriptedTerminal(Password);
        Assert.Equal(["https://one", "https://two"], Used("production").SeenChannels);
    }

    [Fact]
    public void Listing_says_which_there_are_and_shows_none()
    {
        trial.WithFile("parameters.production.json", $$"""{ "GithubToken": "{{Token}}" }""");
        var result = Run("production", "--list");

        Assert.Equal("Secret parameters in .nuke/parameters.production.json\n  Channels     -\n  GithubToken  IN PLAIN TEXT\n", result.Output);
        Assert.Equal(result.Output, Run("production").Output);
    }

    [Fact]
    public void A_value_is_removed_without_any_password()
    {
        trial.With("PARAMS_KEY", Password).Input = Token;
        Assert.Equal(0, Run("production", "GithubToken").Code);
        trial.Environment.Clear();

        Assert.Equal("GithubToken is gone from .nuke/parameters.production.json\n", Run("production", "GithubToken", "--remove").Output);
        Assert.Equal("{\n  // who we are\n  \"Plain\": \"x\"\n}\n", System.IO.File.ReadAllText(File));
        Assert.Equal("GithubToken is not in .nuke/parameters.production.json\n", Run("production", "GithubToken", "--remove").Output);
        AssertRefused(Run("production", "--remove"), "needs the name");
    }

    [Fact]
    public void Without_a_profile_the_file_of_every_run_is_meant_and_made()
    {
        trial.With("PARAMS_KEY", Password).Input = Token;
        var result = Run("GithubToken");
        Assert.True(result.Code == 0, result.All);

        Assert.StartsWith("{\n  \"$schema\": \"build.schema.json\",\n  \"GithubToken\": \"runback:v1:", System.IO.File.ReadAllText(Path.Combine(trial.Root, ".nuke", "parameters.json")), StringComparison.Ordinal);
        Assert.Equal(Token, Used(null).Seen);
    }

    [Fact]
    public void An_encrypted_value_fits_the_schema()
    {
        trial.With("PARAMS_KEY", Password).Input = "https://one\r\nhttps://two\r\n";
        Assert.Equal(0, Run("production", "Channels").Code);
        var schema = JsonNode.Parse(trial.Run(new Vault(), x => x.Use, "--schema").Output)!["allOf"]![0]!["properties"]!;
        var value = JsonNode.Parse(System.IO.File.ReadAllText(File), documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!["Channels"]!.AsArray();

        Assert.Equal("array", (string?)schema["Channels"]!["type"]);
        Assert.Equal(2, value.Count);
        Assert.All(value, x => Assert.StartsWith("runback:v1:", (string?)x, StringComparison.Ordinal));
        Assert.Equal(["https://one", "https://two"], Used("production").SeenChannels);
    }

    [Fact]
    public void The_shell_offers_the_command_profiles_and_secret_parameters()
    {
        Assert.Equal(":secrets\n", trial.Run(new Vault(), x => x.Use, ":complete", ":s").Output);
        Assert.Contains("GithubToken\n", trial.Run(new Vault(), x => x.Use, ":complete", ":secrets", "G").Output, StringComparison.Ordinal);
    }

    private Trial.Result Run(params string[] words) => trial.Run(new Vault(), x => x.Use, [":secrets", .. words]);

    private Vault Used(string? profile)
    {
        var build = new Vault();
        var result = trial.Run(build, x => x.Use, profile is null ? [] : ["--profile", profile]);
        Assert.True(result.Code == 0, result.All);
        return build;
    }

    private void AssertRefused(Trial.Result result, string expected)
    {
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: ", result.Error, StringComparison.Ordinal);
    }
}
