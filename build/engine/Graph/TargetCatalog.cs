using System.Linq.Expressions;
using System.Reflection;
using Runback.Engine.Binding;

namespace Runback.Engine.Graph;

/// <summary>All targets of a build, in the order of their declaration, with their relations.</summary>
internal sealed class TargetCatalog
{
    private readonly List<ExecutableTarget> targets;

    private TargetCatalog(List<ExecutableTarget> targets) => this.targets = targets;

    public IReadOnlyList<ExecutableTarget> All => targets;

    public IEnumerable<string> Names => targets.Select(x => x.Name);

    /// <summary>Reads the targets of a build.</summary>
    /// <exception cref="UsageException">A target depends on itself, on a missing one, or in a circle.</exception>
    public static TargetCatalog Read<T>(T build, IReadOnlyList<Expression<Func<T, Target>>> defaults)
        where T : NukeBuild
    {
        var byFactory = new Dictionary<Target, ExecutableTarget>();
        var all = new List<ExecutableTarget>();
        foreach (var property in PropertiesOf(build.GetType()))
        {
            var factory = (Target?)property.GetValue(build)
                ?? throw new UsageException($"Target {property.Name} of {build.GetType().Name} is null.", $"declare it as: Target {property.Name} => _ => _…");
            var definition = new TargetDefinition();
            factory(definition);
            var target = new ExecutableTarget(property.Name, property, definition, all.Count);
            all.Add(target);
            byFactory.TryAdd(factory, target);
        }

        foreach (var expression in defaults)
        {
            var name = expression.Body is MemberExpression { Member: PropertyInfo member }
                ? member.Name
                : throw new UsageException($"The default target '{expression.Body}' is no target property.", "write Execute<Build>(x => x.Target)");
            all.Single(x => x.Name == name).IsDefault = true;
        }

        Relate(all, byFactory);
        CircleFinder.ThrowIfCircular(all);
        return new TargetCatalog(all);
    }

    /// <summary>The target of that name, in any case, with or without dashes; null when there is none.</summary>
    public ExecutableTarget? Find(string name)
    {
        var plain = Naming.Plain(name);
        return targets.FirstOrDefault(x => Naming.Plain(x.Name) == plain);
    }

    /// <summary>The names only, without an instance.</summary>
    public static IEnumerable<string> NamesOf(Type build) => PropertiesOf(build).Select(x => x.Name);

    private static Dictionary<string, PropertyInfo>.ValueCollection PropertiesOf(Type type)
    {
        var levels = new Stack<Type>();
        for (var level = type; level is not null && level != typeof(NukeBuild); level = level.BaseType)
            levels.Push(level);

        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var byName = new Dictionary<string, PropertyInfo>();
        foreach (var level in levels)
        {
            foreach (var property in level.GetProperties(Declared))
            {
                if (property.PropertyType == typeof(Target))
                    byName[property.Name] = property;
            }
        }

        return byName.Values;
    }

    private static void Relate(List<ExecutableTarget> all, Dictionary<Target, ExecutableTarget> byFactory)
    {
        var before = all.ToDictionary(x => x, _ => new SortedSet<int>());
        var order = all.ToDictionary(x => x, _ => new SortedSet<int>());
        var triggeredBy = all.ToDictionary(x => x, _ => new SortedSet<int>());
        foreach (var target in all)
        {
            var definition = target.Definition;
            Add(definition.DependsOnTargets, "depends on", other => before[target].Add(other.Index));
            Add(definition.DependentForTargets, "is a dependency of", other => before[other].Add(target.Index));
            Add(definition.AfterTargets, "runs after", other => order[target].Add(other.Index));
            Add(definition.BeforeTargets, "runs before", other => order[other].Add(target.Index));
            Add(definition.TriggeredByTargets, "is triggered by", other => triggeredBy[target].Add(other.Index));
            Add(definition.TriggersTargets, "triggers", other => triggeredBy[other].Add(target.Index));

            void Add(List<Target> factories, string relation, Action<ExecutableTarget> add)
            {
                foreach (var factory in factories)
                {
                    var other = factory is not null && byFactory.TryGetValue(factory, out var found)
                        ? found
                        : throw new UsageException($"Target {target.Name} {relation} something that is no target of this build.", "name a property of type Target");
                    if (other == target)
                        throw new UsageException($"Circular dependency: {target.Name} -> {target.Name}.", $"{target.Name} {relation} itself; remove that");
                    add(other);
                }
            }
        }

        foreach (var target in all)
        {
            target.ExecutionDependencies = [.. before[target].Select(x => all[x])];
            target.OrderDependencies = [.. order[target].Select(x => all[x])];
            target.TriggerDependencies = [.. triggeredBy[target].Select(x => all[x])];
        }

        foreach (var target in all)
            target.Triggers = [.. all.Where(x => x.TriggerDependencies.Contains(target))];
    }
}
