using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Privileges on old objects were revoked, or their owner changed.</summary>
internal sealed class RevokePrivileges() : Rule("revoke-privileges", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "Privileges were revoked, or an object got another owner.",
        Why: "Old code, or a job that runs as another role, gets \"permission denied\".",
        Remedy: "Grant them again: instant, and safe.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        PrivilegesRevoked revoked when revoked.On.Count == 0 || !revoked.On.All(context.IsNewRelation) =>
            Find(revoked.What, $"privileges were revoked: {revoked.What}"),
        OwnerChanged changed when !context.IsNewObject(changed.Kind, changed.Name) =>
            Find(changed.Name, $"{Kinds.Name(changed.Kind)} {changed.Name} has another owner"),
        _ => [],
    };
}
