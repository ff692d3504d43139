using System.Text.Json;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Assessment;
using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Tests.Migrations.Assessment;

public sealed class OfflineAssessmentTests
{
    private static readonly RevisionGraph Graph = RevisionGraph.Read(
    [
        File("a", null, "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))", "op.drop_table('t')"),
        File("b", "a", "op.create_table('u', sa.Column('id', sa.Integer(), primary_key=True))", "op.drop_table('u')"),
        File("c", "b", "op.add_column('u', sa.Column('x', sa.Integer(), nullable=False))", "raise RuntimeError('no way back')"),
        File("d", "c", "op.execute(sql_from_elsewhere())", "pass"),
    ]);

    [Fact]
    public void Each_revision_is_judged_as_if_it_were_deployed_alone() => Assert.Equal(
        [Verdict.Additive, Verdict.Additive, Verdict.Breaking, Verdict.Unknown],
        OfflineAssessment.Judge(Graph, null, null).Revisions.Select(revision => revision.Verdict));

    [Fact]
    public void The_path_is_judged_as_one_deployment() =>
        Assert.Equal(Verdict.Additive, OfflineAssessment.Judge(Graph, "a", "c").Verdict);

    [Fact]
    public void Without_a_beginning_the_worst_revision_decides() =>
        Assert.Equal(Verdict.Breaking, OfflineAssessment.Judge(Graph, null, null).Verdict);

    [Fact]
    public void Revisions_that_were_there_before_are_left_out() =>
        Assert.Equal(["d"], OfflineAssessment.Judge(Graph, null, null, new HashSet<string> { "a", "b", "c" }).Revisions.Select(revision => revision.Script.Revision));

    [Fact]
    public void The_document_has_every_revision_in_graph_order_with_its_reasons()
    {
        using var json = JsonDocument.Parse(AssessmentJson.Write(OfflineAssessment.Judge(Graph, "b", null)));
        Assert.Equal("Breaking", json.RootElement.GetProperty("verdict").GetString());
        var first = json.RootElement.GetProperty("revisions")[0];
        Assert.Equal("c", first.GetProperty("revision").GetString());
        Assert.Equal("b", first.GetProperty("downRevisions")[0].GetString());
        Assert.Equal("versions/c.py", first.GetProperty("file").GetString());
        Assert.Equal("Breaking", first.GetProperty("verdict").GetString());
        Assert.Equal("Raises", first.GetProperty("downgrade").GetString());
        var reason = first.GetProperty("reasons")[0];
        Assert.Equal("Breaking", reason.GetProperty("severity").GetString());
        Assert.Equal("u.x", reason.GetProperty("object").GetString());
        Assert.Equal(8, reason.GetProperty("line").GetInt32());
        Assert.NotEqual("", reason.GetProperty("rule").GetString());
        Assert.NotEqual("", reason.GetProperty("detail").GetString());
        Assert.Equal("d", json.RootElement.GetProperty("revisions")[1].GetProperty("revision").GetString());
    }

    private static SourceFile File(string revision, string? down, string upgrade, string downgrade) => new(
        $"versions/{revision}.py",
        $"from alembic import op\nimport sqlalchemy as sa\n\nrevision = '{revision}'\ndown_revision = {(down is null ? "None" : $"'{down}'")}\n\n"
        + $"def upgrade():\n    {upgrade}\n\ndef downgrade():\n    {downgrade}\n");
}
