using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>The identifiers at the head of a migration file (Alembic tutorial, "Create a Migration Script").</summary>
internal sealed record Identifiers(string Revision, ValueList<string> DownRevisions, ValueList<string> DependsOn, ValueList<string> BranchLabels)
{
    /// <summary>Whether the file assigns <c>revision</c>, which is what makes it a migration.</summary>
    internal static bool IsMigration(Module module) => Assigned(module, "revision") is not null;

    /// <summary>
    /// Whether a text names a revision and nothing else: Alembic takes none with <c>@</c>, <c>-</c> or <c>+</c> (<c>Revision.verify_rev_id</c>), and reads
    /// <c>:</c>, <c>head</c> and <c>base</c> on its command line as something else. A name that begins with a dash would be an option there.
    /// </summary>
    internal static bool IsName(string text) => text.Length is > 0 and <= 200 && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '@' or '-' or '+' or ':')
        && text is not ("head" or "heads" or "base" or "current");

    /// <summary>Reads the identifiers from the module's names.</summary>
    /// <exception cref="MigrationFormatException">One is missing or not a plain string, tuple or None.</exception>
    internal static Identifiers Read(Scope globals, Module module)
    {
        var revision = Values.AsText(globals.Find("revision"));
        if (string.IsNullOrEmpty(revision))
            throw new MigrationFormatException("expected revision to be a string, found something else", Assigned(module, "revision")?.Line ?? 0);
        if (!IsName(revision))
            throw new MigrationFormatException($"expected a revision's name as Alembic takes it, found `{Runs.Narration.Printable(revision)}`", Assigned(module, "revision")?.Line ?? 0);
        if (globals.Find("down_revision") is null)
            throw new MigrationFormatException($"expected a down_revision (None for the first migration) beside revision {revision}, found none", 0);
        return new Identifiers(
            revision,
            List(globals, module, "down_revision"),
            List(globals, module, "depends_on"),
            // Labels only name branches for people: where they come from other code, they are left out.
            List(globals, module, "branch_labels", optional: true));
    }

    private static ValueList<string> List(Scope globals, Module module, string name, bool optional = false)
    {
        switch (globals.Find(name))
        {
            case null or Constant { Value: null }:
                return [];
            case Constant { Value: string text } when !Holes.In(text):
                return [text];
            case Sequence { Uncertain: false } list:
                var items = new List<string>();
                foreach (var item in list.Items)
                {
                    if (Values.AsText(item) is { } one)
                        items.Add(one);
                    else if (item is not Constant { Value: null } && !optional)
                        throw Unreadable();
                }

                return items.ToValueList();
            default:
                return optional ? [] : throw Unreadable();
        }

        MigrationFormatException Unreadable() =>
            new($"expected {name} to be a string, a tuple of strings or None, found something else", Assigned(module, name)?.Line ?? 0);
    }

    private static Statement? Assigned(Module module, string name)
    {
        foreach (var statement in module.Body)
        {
            if (statement is Assignment assignment && assignment.Targets.Any(target => target is Name one && one.Id == name))
                return statement;
            if (statement is AnnotatedAssignment { Value: not null, Target: Name annotated } && annotated.Id == name)
                return statement;
        }

        return null;
    }
}
