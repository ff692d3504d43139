using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Tests.Migrations.Rules;

/// <summary>Judges migrations that are written as SQL.</summary>
internal static class Judging
{
    /// <summary>One migration on a database whose history is not known.</summary>
    public static PathAssessment Judge(string sql) => VerdictOfPath.Assess([Script("b", "a", sql)]);

    /// <summary>One migration on a database that exactly this SQL made before.</summary>
    public static PathAssessment JudgeAfter(string before, string sql) => VerdictOfPath.Assess([Script("b", "a", sql)], [Script("a", null, before)]);

    /// <summary>Several migrations of one path on a database whose history is not known.</summary>
    public static PathAssessment JudgePath(params string[] migrations) =>
        VerdictOfPath.Assess([.. migrations.Select((sql, i) => Script($"r{i}", i == 0 ? "before" : $"r{i - 1}", sql))]);

    public static MigrationScript Script(string revision, string? down, string upgrade, string downgrade = "") =>
        new(revision, down is null ? [] : [down], $"{revision}.py", Classify(upgrade, revision), Classify(downgrade, revision));

    public static void IsAdditive(this PathAssessment path)
    {
        Assert.Empty(path.Reasons);
        Assert.Equal(Verdict.Additive, path.Verdict);
    }

    public static void Is(this PathAssessment path, Verdict verdict, params string[] rules)
    {
        Assert.Equal(rules, path.Reasons.Select(reason => reason.Rule).Distinct());
        Assert.Equal(verdict, path.Verdict);
        Assert.All(path.Reasons, reason => Assert.True(reason.At.Line > 0 && reason.Subject.Length > 0 && reason.Detail.Length > 0));
    }

    private static ValueList<Change> Classify(string sql, string revision) => SqlClassifier.Classify(sql, new SourceLine($"{revision}.py", 1));
}
