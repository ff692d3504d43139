using Runback.Runbook.Migrations;
using Runback.Runbook.Tests.Migrations.Alembic;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

/// <summary>A column of a domain has the domain's constraints and its default.</summary>
public class DomainTests
{
    [Theory]
    [InlineData("CREATE DOMAIN must AS text NOT NULL; ALTER TABLE customer ADD COLUMN z must", "add-required-column")]
    [InlineData("CREATE DOMAIN must text CONSTRAINT filled NOT NULL; ALTER TABLE customer ADD COLUMN z must", "add-required-column")]
    [InlineData("CREATE DOMAIN s.must AS text COLLATE \"C\" NOT NULL; ALTER TABLE customer ADD COLUMN z s.must", "add-required-column")]
    [InlineData("CREATE DOMAIN \"Must\" AS text NOT NULL; ALTER TABLE customer ADD COLUMN z \"Must\" DEFAULT NULL", "add-required-column")]
    [InlineData("CREATE DOMAIN a AS text NOT NULL; CREATE DOMAIN b AS a; ALTER TABLE customer ADD COLUMN z b", "add-required-column")]
    [InlineData("CREATE DOMAIN must AS text; ALTER DOMAIN must SET NOT NULL; ALTER TABLE customer ADD COLUMN z must", "add-required-column")]
    [InlineData("CREATE DOMAIN must AS text; ALTER TABLE customer ADD COLUMN z must; ALTER DOMAIN must SET NOT NULL", "add-required-column")]
    [InlineData("CREATE DOMAIN must AS text NOT NULL DEFAULT 'x'; ALTER DOMAIN must DROP DEFAULT; ALTER TABLE customer ADD COLUMN z must", "add-required-column")]
    [InlineData("CREATE DOMAIN d AS text NOT NULL; ALTER DOMAIN d RENAME TO must; ALTER TABLE customer ADD COLUMN z must", "add-required-column")]
    [InlineData("CREATE DOMAIN d AS text NOT NULL; ALTER TABLE customer ADD COLUMN z d; ALTER DOMAIN d RENAME TO must", "add-required-column")]
    [InlineData("CREATE DOMAIN must AS text NOT NULL; ALTER TABLE customer ADD COLUMN z text; ALTER TABLE customer ALTER z TYPE must", "add-required-column")]
    [InlineData("CREATE DOMAIN must AS text NOT NULL; ALTER TABLE customer ADD COLUMN z must GENERATED ALWAYS AS (lower(name)) STORED", "add-required-column")]
    [InlineData("CREATE DOMAIN must AS text NOT NULL; ALTER TABLE customer ADD COLUMN IF NOT EXISTS z must", "add-required-column")]
    [InlineData("CREATE DOMAIN must AS text CHECK (VALUE IS NOT NULL); ALTER TABLE customer ADD COLUMN z must", "add-check")]
    [InlineData("CREATE DOMAIN must AS int DEFAULT 0 CHECK (VALUE > 0); ALTER TABLE customer ADD COLUMN z must", "add-check")]
    [InlineData("CREATE DOMAIN must AS int; ALTER DOMAIN must ADD CONSTRAINT c CHECK (VALUE IS NOT NULL); ALTER TABLE customer ADD COLUMN z must", "add-check")]
    public void A_new_column_whose_domain_refuses_what_old_code_leaves_is_breaking(string sql, string rule) => Judge(sql).Is(Verdict.Breaking, rule);

    [Theory]
    [InlineData("CREATE DOMAIN must AS text NOT NULL DEFAULT 'x'; ALTER TABLE customer ADD COLUMN z must")]
    [InlineData("CREATE DOMAIN must AS text NOT NULL; ALTER TABLE customer ADD COLUMN z must DEFAULT 'x'")]
    [InlineData("CREATE DOMAIN may AS text; ALTER TABLE customer ADD COLUMN z may")]
    [InlineData("CREATE DOMAIN may AS int CHECK (VALUE > 0); ALTER TABLE customer ADD COLUMN z may")]
    [InlineData("CREATE DOMAIN may AS int DEFAULT 5 CHECK (VALUE > 0); ALTER TABLE customer ADD COLUMN z may")]
    [InlineData("CREATE DOMAIN must AS text NOT NULL; ALTER TABLE customer ADD COLUMN z must[]")]
    [InlineData("CREATE DOMAIN must AS text NOT NULL; CREATE TABLE t (z must)")]
    [InlineData("CREATE DOMAIN may AS text NOT NULL; ALTER DOMAIN may DROP NOT NULL; ALTER TABLE customer ADD COLUMN z may")]
    public void A_new_column_whose_domain_takes_what_old_code_leaves_is_additive(string sql) => Judge(sql).IsAdditive();

    [Fact]
    public void A_domain_of_an_earlier_migration_counts() =>
        JudgeAfter("CREATE TABLE customer (id int); CREATE DOMAIN must AS text NOT NULL", "ALTER TABLE customer ADD COLUMN z must").Is(Verdict.Breaking, "add-required-column");

    [Theory]
    [InlineData("d = postgresql.DOMAIN('must', sa.Text(), not_null=True)\nd.create(op.get_bind())\nop.add_column('customer', sa.Column('z', d))", Verdict.Breaking)]
    [InlineData("op.add_column('customer', sa.Column('z', postgresql.DOMAIN('must', sa.Text(), not_null=True, create_type=False)))", Verdict.Breaking)]
    [InlineData("op.add_column('customer', sa.Column('z', postgresql.DOMAIN('must', sa.Text(), check='VALUE IS NOT NULL')))", Verdict.Breaking)]
    [InlineData("op.add_column('customer', sa.Column('z', postgresql.DOMAIN('must', sa.Text(), not_null=True), server_default='x'))", Verdict.Additive)]
    [InlineData("op.add_column('customer', sa.Column('z', postgresql.DOMAIN('may', sa.Text())))", Verdict.Additive)]
    public void A_domain_of_SQLAlchemy_is_one(string body, Verdict verdict) => Assert.Equal(verdict, VerdictOfPath.Assess([Migration.Of(body)]).Verdict);
}
