using Runback.Engine.Binding;

namespace Runback.Engine.Running;

/// <summary>Tells before anything is parsed whether a JSON document is wanted, so that a wrong call is answered with one as well.</summary>
internal static class JsonRequest
{
    public static bool IsIn(ProcessHost host)
    {
        for (var i = 0; i < host.Arguments.Count && host.Arguments[i] != "--"; i++)
        {
            var word = host.Arguments[i];
            if (!word.StartsWith('-'))
                continue;
            var parts = word.Split('=', 2);
            if (Naming.Plain(parts[0]) != "json")
                continue;
            var value = parts.Length == 2 ? parts[1] : i + 1 < host.Arguments.Count ? host.Arguments[i + 1] : "";
            return Truth.Of(value) != false;
        }

        return Truth.Of(host.Environment(EnvironmentOptions.Variable(BuiltInOptions.Json)) ?? "") == true;
    }
}
