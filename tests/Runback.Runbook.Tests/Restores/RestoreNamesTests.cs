using System.Text;
using Runback.Runbook.Restores;

namespace Runback.Runbook.Tests.Restores;

public sealed class RestoreNamesTests
{
    private const string Run = "20261122T115230Z-ab12";

    [Theory]
    [InlineData("cleaning", "cleaning_before_" + Run)]
    [InlineData("Zürich 😀", "Zürich 😀_before_" + Run)]
    public void A_name_says_the_database_and_the_run(string database, string expected) => Assert.Equal(expected, RestoreNames.Before(database, Run));

    [Fact]
    public void A_long_name_is_cut_at_whole_characters_and_the_run_stays_whole()
    {
        foreach (var database in new[] { new string('x', 63), string.Concat(Enumerable.Repeat("ü", 31)), string.Concat(Enumerable.Repeat("😀", 15)) })
        {
            foreach (var name in new[] { RestoreNames.Scratch(database, Run), RestoreNames.Before(database, Run), RestoreNames.Returned(database, Run) })
            {
                Assert.InRange(Encoding.UTF8.GetByteCount(name), 58, RestoreNames.MaximumBytes);
                Assert.EndsWith(Run, name, StringComparison.Ordinal);
                Assert.Equal(name, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)));
            }
        }
        Assert.Throws<ArgumentException>(() => RestoreNames.Before("x", new string('r', 60)));
    }
}
