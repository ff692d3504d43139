using System.Runtime.ExceptionServices;
using Runback.Engine.Binding;
using Runback.Engine.Graph;

namespace Runback.Engine.Sealing;

/// <summary>Decrypts, before the first target starts, the values that the targets of this run can reach, and no other.</summary>
internal static class Unsealing
{
    /// <summary>Sets those parameters.</summary>
    /// <param name="values">The encrypted values in force.</param>
    /// <exception cref="UsageException">A password is missing or another one, or a value was changed or isn't one of its parameter's.</exception>
    public static void Run(NukeBuild build, IReadOnlyCollection<SealedValue> values, IEnumerable<ExecutableTarget> targets, PasswordSource passwords, string root)
    {
        if (values.Count == 0)
            return;
        var use = MemberUse.Of(build, targets);
        try
        {
            var wanted = values.Where(x => x.Parameter.IsRequired || use.Has(x.Parameter.Member)).Select(x => (Value: x, Password: passwords.Of(x.Profile, x.Label))).ToList();
            // Each takes its time on purpose; together they take that of one.
            var opened = wanted.AsParallel().AsOrdered().Select(x => x.Value.Open(x.Password)).ToList();
            foreach (var (value, texts) in wanted.Select(x => x.Value).Zip(opened))
                value.Parameter.Set(build, ValueConverter.FromText(value.Parameter, texts, value.Source, root, value.Parameter.AllowedFor(build)));
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
        finally
        {
            passwords.Forget();
        }
    }
}
