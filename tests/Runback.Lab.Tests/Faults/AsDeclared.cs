using Xunit.Sdk;
using Xunit.v3;

namespace Runback.Lab.Tests.Faults;

/// <summary>Rows run in the matrix's order, in which the least has to be brought about between two of them.</summary>
public sealed class AsDeclared : ITestCaseOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase
    {
        var place = FaultMatrix.Selected.Index().ToDictionary(row => row.Item.Name, row => row.Index);
        return [.. testCases.OrderBy(test => place.GetValueOrDefault(test.TestCaseDisplayName, int.MaxValue))];
    }
}
