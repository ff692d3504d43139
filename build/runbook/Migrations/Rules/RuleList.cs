namespace Runback.Runbook.Migrations.Rules;

/// <summary>All rules. Adding one is a file and a line here.</summary>
public static class RuleList
{
    /// <summary>Every rule, in the order that their findings are reported for one change.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new DropTable(), new RenameTable(), new DropColumn(), new RenameColumn(),
        new DropView(), new DropFunction(), new DropSequence(), new DropType(), new DropSchema(), new DropExtension(), new DropOther(), new RenameObject(),
        new ChangeColumnType(), new WidenColumnType(), new SetNotNull(), new DropNotNull(), new AddRequiredColumn(),
        new DropDefault(), new ChangeDefault(), new ChangeIdentity(), new ChangeGenerated(), new ExpressionMayFail(),
        new UpdateRows(), new BackfillColumn(), new DeleteRows(), new InsertRows(), new SetSequence(),
        new AddEnumLabel(), new RemoveEnumLabel(),
        new AddUnique(), new AddCheck(), new AddForeignKey(), new ReferenceOldRows(), new ChangePrimaryKey(), new DropConstraint(), new DropUnique(), new DropIndex(), new RenameConstraint(), new IndexUnboundedText(), new ShadowTable(),
        new AddTrigger(), new AddGuard(), new ChangeTrigger(), new RowLevelSecurity(), new AddPolicy(), new ChangePolicy(),
        new RevokePrivileges(), new AttachPartition(), new ChangePartitions(), new ReplaceObject(), new AlterObject(), new AlterType(), new FarReaching(),
        new NotUnderstood(),
    ];

    /// <summary>The rule of an id; null when there is none.</summary>
    public static Rule? Find(string id) => All.FirstOrDefault(rule => rule.Id == id);
}
