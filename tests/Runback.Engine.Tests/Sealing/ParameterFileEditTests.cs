using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Runback.Engine.Sealing;

namespace Runback.Engine.Tests.Sealing;

public sealed class ParameterFileEditTests
{
    [Theory]
    [InlineData("{}", "{\n  \"B\": 2\n}")]
    [InlineData("{\n}\n", "{\n  \"B\": 2\n}\n")]
    [InlineData("{ \"A\": 1 }", "{ \"A\": 1, \"B\": 2 }")]
    [InlineData("{\"A\":1}", "{\"A\":1, \"B\": 2}")]
    [InlineData("{\n    \"A\": [1, 2] // why\n    // more\n}\n", "{\n    \"A\": [1, 2], // why\n    // more\n    \"B\": 2\n}\n")]
    [InlineData("// first\r\n{\r\n\t\"A\": 1\r\n}\r\n", "// first\r\n{\r\n\t\"A\": 1,\r\n\t\"B\": 2\r\n}\r\n")]
    [InlineData("{\n  \"b\": \"old\", // kept\n  \"A\": 1\n}", "{\n  \"b\": 2, // kept\n  \"A\": 1\n}")]
    [InlineData("{\n  \"A\": 1 }", "{\n  \"A\": 1,\n  \"B\": 2\n}")]
    [InlineData("\uFEFF{ \"A\": 1 }", "\uFEFF{ \"A\": 1, \"B\": 2 }")]
    public void A_value_is_set_and_all_else_stays(string before, string after) =>
        Assert.Equal(after, Encoding.UTF8.GetString(new ParameterFileEdit(Encoding.UTF8.GetBytes(before), "file").Set("B", "2")));

    [Theory]
    [InlineData("{ \"B\": 2 }", "{  }")]
    [InlineData("{\n  \"A\": 1,\n  \"B\": 2\n}\n", "{\n  \"A\": 1\n}\n")]
    [InlineData("{\n  \"B\": 2,\n  \"A\": 1\n}\n", "{\n  \"A\": 1\n}\n")]
    [InlineData("{\n  \"B\": 2 /* , */, // kept\n  \"A\": 1\n}\n", "{\n   /* , */ // kept\n  \"A\": 1\n}\n")]
    [InlineData("{\n  // of A, not of B\n  \"A\": 1, // a } here\n  \"B\": [2,\n 3]\n}\n", "{\n  // of A, not of B\n  \"A\": 1 // a } here\n}\n")]
    [InlineData("{\"A\":1,\"B\":2,\"C\":3}", "{\"A\":1,\"C\":3}")]
    public void A_value_is_taken_out_and_all_else_stays(string before, string after) =>
        Assert.Equal(after, Encoding.UTF8.GetString(new ParameterFileEdit(Encoding.UTF8.GetBytes(before), "file").Remove("B")!));

    [Fact]
    public void Values_set_and_taken_out_in_any_order_leave_the_others()
    {
        var pieces = Gen.Elements("\n", " ", "\t", "/* c, \" } */", "// d, \" {\n", "\r\n").ArrayOf().Select(string.Concat);
        var file = from names in Gen.Elements("A", "B", "C", "D").ArrayOf().Select(x => x.Distinct().ToArray())
                   from spaces in pieces.ArrayOf(names.Length * 4 + 2)
                   select spaces[^1] + "{" + spaces[^2] + string.Join(',', names.Select((x, i) => $"{spaces[i * 4]}\"{x}\" :{spaces[i * 4 + 2]}[\"{x}\", {{ \"B\": 1 }}]{spaces[i * 4 + 3]}")) + "}";

        Prop.ForAll(file.ToArbitrary(), text =>
        {
            var before = Read(text);
            var with = Encoding.UTF8.GetString(new ParameterFileEdit(Encoding.UTF8.GetBytes(text), "file").Set("B", "\"new\""));
            var expected = before.Where(x => x.Name != "B").Select(x => x.Value).ToList();
            var set = Read(with);
            Assert.Equal(expected, set.Where(x => x.Name != "B").Select(x => x.Value));
            Assert.Equal("\"new\"", set.Single(x => x.Name == "B").Value);
            Assert.Equal(expected, Read(Encoding.UTF8.GetString(new ParameterFileEdit(Encoding.UTF8.GetBytes(with), "file").Remove("B")!)).Select(x => x.Value));
        }).Check(Seeded.Config);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{ \"A\": 1 ")]
    [InlineData("{ \"A\": 1 } x")]
    public void What_is_no_object_is_refused(string text) =>
        Assert.Throws<UsageException>(() => new ParameterFileEdit(Encoding.UTF8.GetBytes(text), "file"));

    private static List<(string Name, string Value)> Read(string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return [.. document.RootElement.EnumerateObject().Select(x => (x.Name, x.Value.GetRawText()))];
    }
}
