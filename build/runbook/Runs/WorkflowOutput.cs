using System.Security.Cryptography;
using System.Text;

namespace Runback.Runbook.Runs;

/// <summary>Lines for the file that <c>GITHUB_OUTPUT</c> names.</summary>
public static class WorkflowOutput
{
    /// <summary>Each value between lines that nobody can foresee: a value can't end itself and set another output.</summary>
    /// <param name="values">The outputs' names and values.</param>
    public static string Of(IEnumerable<(string Name, string Value)> values)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in values)
        {
            var end = $"end-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
            text.Append(name).Append("<<").Append(end).Append('\n').Append(value).Append('\n').Append(end).Append('\n');
        }
        return text.ToString();
    }
}
