namespace Runback.Runbook.Migrations.Changes;

/// <summary>A trigger was created.</summary>
/// <param name="Table">The table or view that it is on.</param>
/// <param name="Name">Its name.</param>
public sealed record TriggerCreated(ObjectName Table, string Name) : Change
{
    /// <summary><c>OR REPLACE</c>.</summary>
    public bool Replaces { get; init; }

    /// <summary><c>AFTER</c>: it can't change the row, yet it can still refuse the statement.</summary>
    public bool After { get; init; }

    /// <summary>The function that it calls; null when not known.</summary>
    public ObjectName? Function { get; init; }
}

/// <summary>A trigger was dropped.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">Its name.</param>
public sealed record TriggerDropped(ObjectName Table, string Name) : Change
{
    /// <summary><c>IF EXISTS</c>.</summary>
    public bool IfExists { get; init; }
}

/// <summary>A trigger was switched on or off, renamed or otherwise altered.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">Its name; <c>ALL</c> or <c>USER</c> for all of them.</param>
/// <param name="Enabled">True when it fires from now on; null when only its name or settings changed.</param>
public sealed record TriggerAltered(ObjectName Table, string Name, bool? Enabled) : Change;

/// <summary>A rewrite rule (<c>CREATE RULE</c>) was created.</summary>
/// <param name="Table">The table or view.</param>
/// <param name="Name">Its name.</param>
public sealed record RewriteRuleCreated(ObjectName Table, string Name) : Change;

/// <summary>A rewrite rule was dropped, switched or renamed.</summary>
/// <param name="Table">The table or view.</param>
/// <param name="Name">Its name.</param>
public sealed record RewriteRuleAltered(ObjectName Table, string Name) : Change;

/// <summary>Row level security of a table was switched.</summary>
/// <param name="Table">The table.</param>
/// <param name="To">The new setting.</param>
public sealed record RowSecurityChanged(ObjectName Table, RowSecurity To) : Change;

/// <summary>The settings of a table's row level security.</summary>
public enum RowSecurity
{
    /// <summary>Policies apply, except to the owner.</summary>
    Enabled,
    /// <summary>Policies do not apply.</summary>
    Disabled,
    /// <summary>Policies apply to the owner too.</summary>
    Forced,
    /// <summary>Policies do not apply to the owner.</summary>
    NotForced,
}

/// <summary>A policy was created.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">Its name.</param>
public sealed record PolicyCreated(ObjectName Table, string Name) : Change
{
    /// <summary><c>AS RESTRICTIVE</c>: it takes access away.</summary>
    public bool Restrictive { get; init; }
}

/// <summary>A policy was altered.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">Its name.</param>
public sealed record PolicyAltered(ObjectName Table, string Name) : Change;

/// <summary>A policy was dropped.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">Its name.</param>
public sealed record PolicyDropped(ObjectName Table, string Name) : Change;

/// <summary>Privileges were granted.</summary>
/// <param name="What">The statement's object in a few words: <c>table bookings</c>.</param>
public sealed record PrivilegesGranted(string What) : Change;

/// <summary>Privileges were revoked.</summary>
/// <param name="What">The statement's object in a few words.</param>
public sealed record PrivilegesRevoked(string What) : Change
{
    /// <summary>The objects, where they are tables or other relations that the statement names.</summary>
    public ValueList<ObjectName> On { get; init; } = [];
}

/// <summary>A table became a partition of another one.</summary>
/// <param name="Parent">The partitioned table.</param>
/// <param name="Partition">The partition.</param>
public sealed record PartitionAttached(ObjectName Parent, ObjectName Partition) : Change;

/// <summary>A partition was taken out of its table.</summary>
/// <param name="Parent">The partitioned table.</param>
/// <param name="Partition">The partition.</param>
public sealed record PartitionDetached(ObjectName Parent, ObjectName Partition) : Change;

/// <summary>A table began or stopped to inherit from another one.</summary>
/// <param name="Parent">The parent.</param>
/// <param name="Child">The child.</param>
/// <param name="Inherits">True when it inherits from now on.</param>
public sealed record InheritanceChanged(ObjectName Parent, ObjectName Child, bool Inherits) : Change;
