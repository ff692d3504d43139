using Runback.Ci;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Runback.Runbook.Tests.Ci;

public sealed class DeclarationTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("runback-ci-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Files_are_stale_until_they_are_written_and_again_when_somebody_edits_one()
    {
        Assert.Equal(4, GeneratedFiles.Stale(SampleJobs.All, _root).Count);
        Assert.Equal(4, GeneratedFiles.Write(SampleJobs.All, _root).Count);
        Assert.Empty(GeneratedFiles.Write(SampleJobs.All, _root));
        File.AppendAllText(Path.Combine(_root, ".gitlab-ci.yml"), "# mine\n");
        Assert.Equal([".gitlab-ci.yml"], GeneratedFiles.Stale(SampleJobs.All, _root));
    }

    [Theory]
    [InlineData("--tag=$TAG")]
    [InlineData("${{inputs.tag}}")]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("")]
    public void A_word_that_a_shell_would_read_as_something_else_is_refused(string word) =>
        Refused(SampleJobs.Test with { Command = ["./build.sh", word] }, "need no quoting");

    [Fact]
    public void Names_times_and_choices_that_fit_nothing_are_refused()
    {
        Refused(SampleJobs.Test with { Name = "Te st" }, "small letters");
        Refused(SampleJobs.Test with { Minutes = 0 }, "at least one minute");
        Refused(SampleJobs.Test with { Inputs = [new Input("A", ""), new Input("A", "")] }, "once");
        Refused(SampleJobs.Test with { Inputs = [new Input("A", "") { Options = ["x"], Default = "y" }] }, "start with one of its options");
        Refused(SampleJobs.Rollback with { Protection = new Protection("a", "b", "Strategy", "Destroy") }, "have the input Strategy");
        Assert.Contains("each job once", Assert.Throws<DeclarationException>(() => GeneratedFiles.Of([SampleJobs.Test, SampleJobs.Test])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("a: b")]
    [InlineData("# no comment")]
    [InlineData("'quoted' \"twice\"")]
    [InlineData("ends with a space ")]
    [InlineData("${{ github.ref }} && *anchor")]
    [InlineData("017")]
    [InlineData("- dash")]
    [InlineData("\u00fcml\u00e4ut {x} [y] | >")]
    [InlineData("")]
    [InlineData("ends with a colon:")]
    [InlineData("\tbegins with a tab, and \t holds one")]
    [InlineData("two\nlines")]
    [InlineData("  indented\nand ended\n\n")]
    [InlineData("\n")]
    [InlineData("\u001b[31m and \U0001F600")]
    [InlineData("a very long one that a writer may want to fold, since it is so long that it does not fit into eighty columns, nor into a hundred and twenty")]
    public void Any_description_is_read_back_as_it_was_written(string text)
    {
        var job = SampleJobs.Rollback with { Inputs = [new Input("Tag", text), .. SampleJobs.Rollback.Inputs.Skip(1)] };
        var files = GeneratedFiles.Of([job]);
        Assert.Equal(text, YamlReading.Parse(files[".github/workflows/rollback.yml"]).Text("on", "workflow_dispatch", "inputs", "tag", "description"));
        Assert.Equal(text, YamlReading.Parse(files[".gitlab-ci.yml"]).Text("variables", "NUKE_TAG", "description"));
    }

    [Theory]
    [InlineData("on", false)]
    [InlineData("yes", false)]
    [InlineData("null", false)]
    [InlineData("~", false)]
    [InlineData("017", false)]
    [InlineData("1e3", false)]
    [InlineData("1,000", false)]
    [InlineData("12:30", false)]
    [InlineData("2026-01-31", false)]
    [InlineData("2026-01-31 10:00:00", false)]
    [InlineData("0x1F", false)]
    [InlineData(".inf", false)]
    [InlineData(":symbol", false)]
    [InlineData("<<", false)]
    [InlineData("Auto", true)]
    [InlineData("45 minutes", true)]
    [InlineData("17 4 * * 1", true)]
    [InlineData("${{ inputs.tag }}", true)]
    [InlineData("$A == \"web\" && ($B != \"x\")", true)]
    public void Only_what_a_reader_takes_for_something_else_is_in_quotes(string text, bool isPlain)
    {
        var map = YamlReading.Parse(Yaml.Document(["a comment"], new YamlMap(("text", text))));
        Assert.Equal((text, isPlain), (map.Text("text"), ((YamlScalarNode)map.At("text")).Style == ScalarStyle.Plain));
    }

    [Fact]
    public void It_is_written_for_people()
    {
        var map = new YamlMap(
            ("none", null), ("flag", true), ("number", 7), ("empty", new YamlMap()), ("nothing", Array.Empty<string>()), ("with", new Verbatim("a@1", "v1")), (new Verbatim("on"), "on"),
            ("script", "one\ntwo"), ("items", new object[] { new YamlMap(("a", "b"), ("c", new[] { "true" })), "x" }));
        Assert.Equal(
            """
            # first
            # second
            flag: true
            number: 7
            empty: {}
            nothing: []
            with: a@1 # v1
            on: 'on'
            script: |-
              one
              two
            items:
              - a: b
                c:
                  - 'true'
              - x

            """.ReplaceLineEndings("\n"),
            Yaml.Document(["first", "second"], map));
    }

    private static void Refused(Job job, string why) =>
        Assert.Contains(why, Assert.Throws<DeclarationException>(() => GeneratedFiles.Of([job])).Message, StringComparison.Ordinal);
}
