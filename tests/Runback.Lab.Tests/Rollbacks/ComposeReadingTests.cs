using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Env files as Compose itself reads them; it needs no engine for that.</summary>
[Tier(Tier.Default)]
public sealed class ComposeReadingTests : IDisposable
{
    private const string Name = "IMAGE_TAG";
    private readonly string _file = Path.GetTempFileName();

    private static readonly string[] Pieces =
    [
        "IMAGE_TAG=v1\n", "IMAGE_TAG: v2\r\n", "export IMAGE_TAG='v3' # why\n", "IMAGE_TAG=\"v4\" A=1\n", "IMAGE_TAG\n", "IMAGE_TAG= # c\n", "IMAGE_TAG=v5\t# c\n",
        "A='it\\'s\nIMAGE_TAG=inside\n'\n", "A=\"a \\\" b\nIMAGE_TAG=inside\"\n", "A='\\\\'\n", "# IMAGE_TAG=no\n", "  \n", "B=${A}\n", "IMAGE_TAG=${A:-v6}\n", "IMAGE_TAG=$$x\n",
        "IMAGE_TAG=\"\\$y\\tz\"\n", "A=it's\n", "two words\n", "A='open\n", "$A=1\n", "A", "\u00efIMAGE_TAG=v7\n", "A.b-c=1\n", "'\n", "\"", "\\", "=", "#", " ",
    ];

    public void Dispose() => File.Delete(_file);

    [Fact(Timeout = 240_000)]
    public async Task Whatever_a_file_holds_it_is_read_as_Compose_reads_it()
    {
        var random = new Random(15);
        List<string> wrong = [];
        for (var round = 0; round < 25; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            await File.WriteAllBytesAsync(_file, EnvFile.Bytes.GetBytes(text), TestContext.Current.CancellationToken);
            var ours = new EnvFile(text);
            var expected = await ComposeAsync();
            if ((ours.Problem is null ? ours[Name] ?? "" : null) != expected)
                wrong.Add($"`{text}`: {ours.Problem ?? ours[Name] ?? "none"}, Compose: {expected ?? "refused"}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private async Task<string?> ComposeAsync()
    {
        try
        {
            return (await ComposeVariables.ReadAsync(_file, [Name]))[Name];
        }
        catch (RunbookException)
        {
            return null;
        }
    }
}
