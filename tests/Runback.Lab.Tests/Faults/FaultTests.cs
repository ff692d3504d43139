namespace Runback.Lab.Tests.Faults;

/// <summary>The matrix: whatever happens during a run, production ends in a state that the result names truthfully, nothing is lost, and the same command finishes the job.</summary>
[Collection("faults")]
public sealed class FaultTests(FaultsLab lab)
{
    /// <summary>The rows, by name.</summary>
    public static IEnumerable<TheoryDataRow<string>> Rows => FaultMatrix.Selected.Select(row => new TheoryDataRow<string>(row.Name) { TestDisplayName = row.Name, Label = "" });

    [Theory(Timeout = 400_000)]
    [MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public async Task Production_is_never_left_worse_than_it_was_found_when(string name)
    {
        await using var trial = new Trial(lab, FaultMatrix.Selected.Single(row => row.Name == name));
        await trial.RunAsync();
        lab.IsSpoilt = false;
    }
}
