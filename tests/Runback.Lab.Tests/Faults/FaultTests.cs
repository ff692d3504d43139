namespace Runback.Lab.Tests.Faults;

/// <summary>The matrix: whatever happens during a run, production ends in a state that the result names truthfully, nothing is lost, and the same command finishes the job.</summary>
/// <param name="lab">The lab of these rows.</param>
public abstract class FaultTests(FaultsLab lab)
{
    // A row that strikes at every change of a restore begins it more than a dozen times.
    private protected const int Limit = 1_800_000;

    private protected static IEnumerable<TheoryDataRow<string>> Where(Func<FaultRow, bool> fits) =>
        FaultMatrix.Selected.Where(fits).Select(row => new TheoryDataRow<string>(row.Name) { TestDisplayName = row.Name, Label = "" }.WithTrait(TierAttribute.Trait, TierAttribute.Value(row.Tier)));

    private protected async Task TryAsync(string name)
    {
        await using var trial = new Trial(lab, FaultMatrix.Selected.Single(row => row.Name == name));
        try
        {
            await trial.RunAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw await trial.ExplainAsync(exception);
        }
        lab.IsSpoilt = false;
    }
}

/// <summary>The rows that run beside the other tests.</summary>
[Collection("faults")]
[TestCaseOrderer(typeof(AsDeclared))]
public sealed class SharedFaultTests(SharedFaultsLab lab) : FaultTests(lab)
{
    /// <summary>The rows, by name.</summary>
    public static IEnumerable<TheoryDataRow<string>> Rows => Where(row => !row.IsAlone);

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Rows))]
    public Task Production_is_never_left_worse_than_it_was_found_when(string name) => TryAsync(name);
}

/// <summary>The rows whose fault everybody on the engine would feel: nothing else runs beside them.</summary>
[Collection("lone faults")]
public sealed class LoneFaultTests(LoneFaultsLab lab) : FaultTests(lab)
{
    /// <summary>The rows, by name.</summary>
    public static IEnumerable<TheoryDataRow<string>> Rows => Where(row => row.IsAlone);

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Rows))]
    public Task Production_is_never_left_worse_than_it_was_found_when(string name) => TryAsync(name);
}
