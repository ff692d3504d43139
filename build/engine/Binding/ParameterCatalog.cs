using System.Reflection;

namespace Runback.Engine.Binding;

/// <summary>All parameters of a build, by name, and all options of its command line.</summary>
internal sealed class ParameterCatalog
{
    private readonly Dictionary<string, Parameter> byPlainName;

    private ParameterCatalog(Dictionary<string, Parameter> byPlainName, IReadOnlyList<MemberInfo> secrets)
    {
        this.byPlainName = byPlainName;
        Secrets = secrets;
        All = [.. byPlainName.Values];
        Options = [.. BuiltInOptions.All.Where(x => !byPlainName.ContainsKey(Naming.Plain(x.Name))), .. All.Select(x => x.Option)];
    }

    /// <summary>In the order of their declaration.</summary>
    public IReadOnlyList<Parameter> All { get; }

    /// <summary>The build's and the engine's.</summary>
    public IReadOnlyList<Option> Options { get; }

    /// <summary>Every member marked as secret, parameter or not.</summary>
    public IReadOnlyList<MemberInfo> Secrets { get; }

    /// <summary>Reads them from a build's type.</summary>
    /// <exception cref="UsageException">Two have one name, a name is the engine's own, or a type can't be bound.</exception>
    public static ParameterCatalog Read(Type build)
    {
        var levels = new Stack<Type>();
        for (var level = build; level is not null && level != typeof(NukeBuild); level = level.BaseType)
            levels.Push(level);

        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var parameters = new Dictionary<string, Parameter>();
        var secrets = new List<MemberInfo>();
        foreach (var level in levels)
        {
            foreach (var member in level.GetFields(Declared).Concat<MemberInfo>(level.GetProperties(Declared)))
            {
                if (member.IsDefined(typeof(SecretAttribute)))
                    secrets.Add(member);
                if (member.GetCustomAttribute<ParameterAttribute>() is not { } attribute)
                    continue;
                var parameter = new Parameter(member, attribute);
                var plain = Naming.Plain(parameter.Name);
                if (BuiltInOptions.All.Any(x => Naming.Plain(x.Name) == plain) && !BuiltInOptions.MayBeDeclared(plain))
                    throw new UsageException($"Parameter {parameter.Name} has the name of an option that every build has.", "give it another name");
                if (!parameters.TryAdd(plain, parameter))
                    throw new UsageException($"Two parameters are named {parameter.Name}.", "rename one of them");
            }
        }

        return new ParameterCatalog(parameters, secrets);
    }

    /// <summary>The parameter of that name, in any spelling; null when there is none.</summary>
    public Parameter? Find(string name) => byPlainName.GetValueOrDefault(Naming.Plain(name.TrimStart('-')));

    /// <summary>The parameter that a member is; null when it is none.</summary>
    public Parameter? Find(MemberInfo member) => All.FirstOrDefault(x => x.Member.Name == member.Name);

    /// <summary>The option by which a built-in is known here: the build's own where it declares one.</summary>
    public Option OptionOf(Option builtIn) => Find(builtIn.Name)?.Option ?? builtIn;
}
