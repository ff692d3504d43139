namespace Runback.Engine;

/// <summary>
/// Binds a field or property of the build: <c>--kebab-case</c> on the command line, <c>NUKE_UPPER_SNAKE</c> in the environment
/// (also <c>UPPER_SNAKE</c>, where no other program is likely to mean something else by it), its name in <c>.nuke/parameters*.json</c>. Types: string, bool, int, long, double, decimal, enums, <see cref="AbsolutePath"/>,
/// their nullable forms, and arrays of them.
/// </summary>
/// <param name="description">One sentence for <c>--help</c>.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public class ParameterAttribute(string? description = null) : Attribute
{
    /// <summary>One sentence for <c>--help</c>.</summary>
    public virtual string? Description { get; } = description;

    /// <summary>The parameter's name where it isn't the member's.</summary>
    public string? Name { get; set; }

    /// <summary>The character between the values of a list, on the command line and in the environment.</summary>
    public string? Separator { get; set; }

    /// <summary>Whether <c>--help</c> and completion show it.</summary>
    public virtual bool List { get; set; } = true;

    /// <summary>The type that has <see cref="ValueProviderMember"/>; the build itself when null.</summary>
    public Type? ValueProviderType { get; set; }

    /// <summary>A member of type <c>IEnumerable&lt;string&gt;</c> with the allowed values.</summary>
    public string? ValueProviderMember { get; set; }
}
