using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>CREATE DOMAIN</c>.</summary>
internal static class CreateDomain
{
    private static readonly string[] AfterDefault = ["constraint", "not", "null", "check", "collate", "default"];

    /// <summary>Reads what follows <c>CREATE DOMAIN</c>.</summary>
    public static void Read(StatementReader reader)
    {
        var name = reader.Name();
        reader.Try("as");
        var domain = new DomainDefinition(TypeReader.Read(reader));
        while (!reader.AtEnd)
            domain = Clause(reader, domain);
        reader.Add(new ObjectCreated(ObjectKind.Domain, name) { Domain = domain });
    }

    private static DomainDefinition Clause(StatementReader reader, DomainDefinition domain)
    {
        if (reader.Try("constraint"))
            reader.Identifier();
        if (reader.Try("not", "null"))
            return domain with { NotNull = true };
        if (reader.Try("null"))
            return domain;
        if (reader.Try("collate"))
        {
            reader.Name();
            return domain;
        }
        if (reader.Try("default"))
        {
            var taken = 0;
            var text = reader.Text(reader.Until(() => taken++ > 0 && reader.SeesAny(AfterDefault)));
            return domain with { Default = text.Equals("null", StringComparison.OrdinalIgnoreCase) ? null : text };
        }
        if (!reader.Try("check"))
            throw reader.Unexpected("a clause of CREATE DOMAIN");
        var condition = reader.Text(reader.Parentheses());
        reader.Try("no", "inherit");
        return domain with { Checks = [.. domain.Checks, condition] };
    }
}
