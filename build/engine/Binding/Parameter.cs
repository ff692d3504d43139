using System.Reflection;

namespace Runback.Engine.Binding;

/// <summary>A parameter of the build: a member that gets its value from outside.</summary>
internal sealed class Parameter
{
    private readonly FieldInfo? field;
    private readonly PropertyInfo? property;
    private readonly ParameterAttribute attribute;

    /// <summary>Reads the member.</summary>
    /// <exception cref="UsageException">Its type isn't one that can be bound, or it can't be written.</exception>
    public Parameter(MemberInfo member, ParameterAttribute attribute)
    {
        this.attribute = attribute;
        Member = member;
        Name = attribute.Name ?? member.Name;
        property = member as PropertyInfo;
        field = member as FieldInfo ?? (property!.CanWrite ? null : property.DeclaringType!.GetField(
            $"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic));
        if (field is null && !property!.CanWrite)
            throw new UsageException($"Parameter {Name} can't be set.", "declare it as a field or an automatic property");

        Type = property?.PropertyType ?? field!.FieldType;
        IsList = Type.IsArray;
        var element = IsList ? Type.GetElementType()! : Type;
        IsNullable = !element.IsValueType || Nullable.GetUnderlyingType(element) is not null;
        ElementType = Nullable.GetUnderlyingType(element) ?? element;
        if (!ValueConverter.CanConvert(ElementType))
        {
            throw new UsageException($"Parameter {Name} has type {Type.Name}, which can't be bound.",
                "use string, bool, int, long, double, decimal, an enum, AbsolutePath, or an array of one of them");
        }

        IsSecret = member.IsDefined(typeof(SecretAttribute));
        IsRequired = member.IsDefined(typeof(RequiredAttribute));
        Option = new Option(Name, KindOf(this), attribute.Description?.Trim() ?? "")
        {
            Separator = attribute.Separator is { Length: > 0 } separator ? separator[0] : null,
            IsSecret = IsSecret,
            Listed = attribute.List,
            Allowed = ElementType.IsEnum ? Enum.GetNames(ElementType) : ElementType == typeof(bool) ? ["true", "false"] : [],
        };
    }

    public MemberInfo Member { get; }

    public string Name { get; }

    public Type Type { get; }

    /// <summary>The type of one value, without nullability.</summary>
    public Type ElementType { get; }

    public bool IsList { get; }

    public bool IsNullable { get; }

    public bool IsSecret { get; }

    public bool IsRequired { get; }

    public Option Option { get; }

    public string Description => Option.Description;

    /// <summary>Its names in the environment, the one that wins first.</summary>
    public IReadOnlyList<string> EnvironmentNames => VariableNames.Of(Name);

    /// <summary>What <c>--help</c> calls its values.</summary>
    public string TypeName => Naming.Kebab(ElementType == typeof(AbsolutePath) ? "Path"
        : ElementType == typeof(string) ? "Text"
        : ElementType == typeof(int) || ElementType == typeof(long) ? "Integer"
        : ElementType == typeof(double) || ElementType == typeof(decimal) ? "Number" : ElementType.Name);

    public object? Get(object build) => property is null ? field!.GetValue(build) : property.GetValue(build);

    public void Set(object build, object? value)
    {
        if (field is null)
            property!.SetValue(build, value);
        else
            field.SetValue(build, value);
    }

    /// <summary>The allowed values: an enum's names, or what the attribute's provider says; empty: anything.</summary>
    public IReadOnlyList<string> AllowedFor(object build)
    {
        if (attribute.ValueProviderMember is not { } name)
            return Option.Allowed;
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy;
        var type = attribute.ValueProviderType ?? build.GetType();
        var values = type.GetProperty(name, Any)?.GetValue(build) ?? type.GetField(name, Any)?.GetValue(build)
            ?? type.GetMethod(name, Any, [])?.Invoke(build, null);
        return values is IEnumerable<string> allowed
            ? [.. allowed]
            : throw new UsageException($"The values of {Name} come from {type.Name}.{name}, which is no IEnumerable<string>.", "give it that type");
    }

    private static OptionKind KindOf(Parameter parameter) =>
        parameter.IsList ? OptionKind.Values : parameter.ElementType == typeof(bool) ? OptionKind.Flag : OptionKind.Value;
}
