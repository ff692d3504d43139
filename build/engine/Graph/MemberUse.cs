using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Runback.Engine.Graph;

/// <summary>
/// Tells which fields of a build the code of its targets can reach, by following the calls in its compiled code (ECMA-335, partition III): a value that is
/// costly to make is made for those only. It finds too much rather than too little; other assemblies don't know a build's members.
/// </summary>
internal sealed class MemberUse
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(x => (OpCode)x.GetValue(null)!).ToDictionary(x => x.Value);

    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private readonly HashSet<Assembly> assemblies = [];
    private readonly HashSet<MemberInfo> found = [];
    private readonly Queue<MethodBase> pending = new();
    private bool everything;

    private MemberUse(Type build)
    {
        for (var level = build; level is not null && level != typeof(NukeBuild); level = level.BaseType)
            assemblies.Add(level.Assembly);
    }

    /// <summary>Follows the targets' actions and conditions, and the build's hooks.</summary>
    public static MemberUse Of(NukeBuild build, IEnumerable<ExecutableTarget> targets)
    {
        var use = new MemberUse(build.GetType());
        foreach (var target in targets)
        {
            foreach (var code in target.Definition.Actions.Concat<Delegate>(target.Definition.DynamicConditions.Select(x => x.Holds)))
                use.Follow(code);
            foreach (var requirement in target.Definition.Requirements)
                new Expressions(use).Visit(requirement);
        }

        for (var level = build.GetType(); level is not null && level != typeof(NukeBuild); level = level.BaseType)
        {
            foreach (var hook in level.GetMethods(Declared).Where(x => x.IsVirtual && x.GetBaseDefinition().DeclaringType == typeof(NukeBuild)))
                use.Follow(hook);
        }

        while (use.pending.TryDequeue(out var method) && !use.everything)
            use.Read(method);
        return use;
    }

    /// <summary>Whether that field or property can be reached.</summary>
    public bool Has(MemberInfo member) => everything || found.Any(x => x.Module == member.Module && (x.MetadataToken == member.MetadataToken
        || (member is PropertyInfo property && (x.MetadataToken == property.GetMethod?.MetadataToken || x.Name == $"<{property.Name}>k__BackingField"))));

    private void Follow(Delegate code)
    {
        foreach (var one in code.GetInvocationList())
        {
            Follow(one.Method);
            // What the target gave to the engine is held by a closure of the engine's.
            foreach (var field in one.Target?.GetType().GetFields(Declared) ?? [])
            {
                if (one.Target is not NukeBuild && field.GetValue(one.Target) is Delegate inner && inner != code)
                    Follow(inner);
            }
        }
    }

    private void Follow(MethodBase method)
    {
        if (!assemblies.Contains(method.Module.Assembly) || !found.Add(method))
            return;
        pending.Enqueue(method);
        if (method.GetCustomAttribute<StateMachineAttribute>()?.StateMachineType is { } machine)
            FollowAll(machine);
        // An object of the build's own may be called through an interface.
        if (method is ConstructorInfo && method.DeclaringType is { } type && !typeof(NukeBuild).IsAssignableFrom(type) && !IsClosure(type))
            FollowAll(type);
    }

    private static bool IsClosure(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute));

    private void FollowAll(Type type)
    {
        foreach (var method in type.GetMethods(Declared))
            Follow(method);
    }

    private void Read(MethodBase method)
    {
        try
        {
            if (method.GetMethodBody()?.GetILAsByteArray() is { } code)
                Read(method, code);
        }
        catch (Exception exception) when (exception is ArgumentException or BadImageFormatException or KeyNotFoundException or IndexOutOfRangeException or NotSupportedException)
        {
            // Code that can't be read may use anything.
            everything = true;
        }
    }

    private void Read(MethodBase method, byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? unchecked((short)(0xFE00 | code[at + 1])) : code[at];
            var operation = Codes[value];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok)
                Note(method, BitConverter.ToInt32(code, at));
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    private void Note(MethodBase method, int token)
    {
        var member = method.Module.ResolveMember(token, method.DeclaringType?.GetGenericArguments(), method is ConstructorInfo ? null : method.GetGenericArguments());
        if (member is FieldInfo field && assemblies.Contains(field.Module.Assembly))
            found.Add(field);
        else if (member is MethodBase called)
            Follow(called);
    }

    private sealed class Expressions(MemberUse use) : ExpressionVisitor
    {
        protected override Expression VisitMember(MemberExpression node)
        {
            use.found.Add(node.Member);
            if (node.Member is PropertyInfo { GetMethod: { } getter })
                use.Follow(getter);
            return base.VisitMember(node);
        }

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            use.Follow(node.Method);
            return base.VisitMethodCall(node);
        }
    }
}
