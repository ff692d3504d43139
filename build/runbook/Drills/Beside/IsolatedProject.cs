using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills.Beside;

/// <summary>What becomes of a resolved Compose project when it is copied for a drill.</summary>
public sealed record IsolationPlan
{
    /// <summary>The copy's project name.</summary>
    public required string Name { get; init; }

    /// <summary>The services that are drilled, the database's among them; what they depend on comes along.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>The services that never run in a copy, whoever depends on them.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];

    /// <summary>The tag for which the project was resolved: where it stands, the copy takes the variable.</summary>
    public required string Tag { get; init; }

    /// <summary>The variable that holds the tag.</summary>
    public required string TagVariable { get; init; }

    /// <summary>Labels that everything of the copy carries.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Whether a path of the host is a regular file, which may be mounted read-only.</summary>
    public required Func<string, bool> IsFile { get; init; }
}

/// <summary>
/// The copy of a Compose project that can't touch anything of the original's: no published port, one network without any way out, fresh volumes, no folder
/// or socket of the host, no labels and no log driver by which others would take it for the original. Source of the keys: Compose Specification,
/// "Services top-level element".
/// </summary>
/// <param name="Json">The project, as a compose file in JSON.</param>
/// <param name="Notes">What was left out or replaced, for people.</param>
public sealed record IsolatedProject(JsonObject Json, IReadOnlyList<string> Notes)
{
    private const string Network = "default";

    // What says only how a program is run in its own container. Whatever else a service may say reaches the host, other containers, or those who watch them.
    private static readonly string[] Kept =
    [
        "image", "command", "entrypoint", "environment", "healthcheck", "user", "working_dir", "hostname", "domainname", "expose", "init", "tmpfs", "shm_size",
        "ulimits", "sysctls", "read_only", "security_opt", "cap_drop", "stop_grace_period", "stop_signal", "tty", "stdin_open", "platform", "group_add",
        "mem_limit", "memswap_limit", "mem_reservation", "cpus", "cpu_shares", "pids_limit", "configs", "secrets",
    ];

    // Kept out without a word: they are the isolation itself.
    private static readonly string[] Expected =
        ["ports", "container_name", "restart", "networks", "depends_on", "volumes", "labels", "build", "deploy", "logging", "profiles", "env_file", "scale", "develop", "pull_policy", "annotations", "links", "dns", "dns_opt", "dns_search"];

    // By these, proxies that watch the engine would send clients here (jwilder/nginx-proxy and its companion).
    private static readonly string[] Announcing = ["VIRTUAL_HOST", "VIRTUAL_PORT", "VIRTUAL_PATH", "LETSENCRYPT_HOST"];

    /// <summary>Makes the copy.</summary>
    /// <param name="resolved">The output of <c>docker compose config --format json</c>.</param>
    /// <param name="plan">What becomes of it.</param>
    /// <exception cref="RunbookException">It isn't of the shape that Compose prints.</exception>
    public static IsolatedProject Of(JsonObject resolved, IsolationPlan plan)
    {
        try
        {
            return Copy(resolved, plan);
        }
        catch (Exception exception) when (exception is InvalidOperationException or NullReferenceException or ArgumentException or FormatException)
        {
            throw new RunbookException(
                $"expected `docker compose config --format json` to print a project that can be copied, found: {exception.Message}", "Compose 2.20 or later is needed: see `docker compose version`", inner: exception);
        }
    }

    private static IsolatedProject Copy(JsonObject resolved, IsolationPlan plan)
    {
        var notes = new List<string>();
        var services = resolved["services"]!.AsObject();
        var copied = new JsonObject();
        var volumes = new JsonObject();
        foreach (var name in Needed(services, plan))
            copied[name] = Service(name, services[name]!.AsObject(), services, plan, volumes, notes);
        var json = new JsonObject
        {
            ["name"] = plan.Name,
            ["services"] = copied,
            ["networks"] = new JsonObject
            {
                [Network] = new JsonObject
                {
                    ["driver"] = "bridge",
                    ["internal"] = true,
                    // Without an address on the bridge the host's own services can't be reached from it either.
                    ["driver_opts"] = new JsonObject { ["com.docker.network.bridge.inhibit_ipv4"] = "true" },
                    ["labels"] = Labels(plan),
                },
            },
            ["volumes"] = volumes,
        };
        foreach (var part in (ReadOnlySpan<string>)["configs", "secrets"])
        {
            if (resolved[part] is JsonObject { Count: > 0 } files)
                json[part] = files.DeepClone();
        }
        return new IsolatedProject((JsonObject)Tagged(json, plan)!, notes);
    }

    private static List<string> Needed(JsonObject services, IsolationPlan plan)
    {
        List<string> needed = [.. plan.Services];
        for (var at = 0; at < needed.Count; at++)
        {
            needed.AddRange(Dependencies(services[needed[at]])
                .Where(name => services.ContainsKey(name) && !plan.Left.Contains(name, StringComparer.Ordinal) && !needed.Contains(name, StringComparer.Ordinal)));
        }
        return needed;
    }

    private static IEnumerable<string> Dependencies(JsonNode? service) => service?["depends_on"]?.AsObject().Select(pair => pair.Key) ?? [];

    private static JsonObject Service(string name, JsonObject service, JsonObject all, IsolationPlan plan, JsonObject volumes, List<string> notes)
    {
        var copy = new JsonObject();
        foreach (var (key, value) in service)
        {
            if (value is null)
                continue;
            if (Kept.Contains(key, StringComparer.Ordinal))
                copy[key] = value.DeepClone();
            else if (!Expected.Contains(key, StringComparer.Ordinal))
                notes.Add($"{name}: without `{key}`");
        }
        copy["restart"] = "no";
        copy["labels"] = Labels(plan);
        // The engine's standard driver may be one that ships lines to where production's are read.
        copy["logging"] = new JsonObject { ["driver"] = "json-file" };
        // The engine would ask the host's name servers for every name that isn't on the network: nobody answers here, and at once.
        copy["dns"] = new JsonArray("127.0.0.1");
        copy["dns_opt"] = new JsonArray("timeout:1", "attempts:1");
        copy["networks"] = new JsonObject { [Network] = new JsonObject { ["aliases"] = new JsonArray([.. Aliases(service).Select(alias => (JsonNode)alias)]) } };
        var dependencies = new JsonObject();
        foreach (var needed in Dependencies(service).Where(needed => all.ContainsKey(needed) && !plan.Left.Contains(needed, StringComparer.Ordinal)))
            dependencies[needed] = service["depends_on"]![needed]?.DeepClone();
        if (dependencies.Count > 0)
            copy["depends_on"] = dependencies;
        if (copy["environment"] is JsonObject environment)
            Environment(environment, plan);
        if (service["deploy"]?["resources"]?["limits"] is { } limits)
            copy["deploy"] = new JsonObject { ["resources"] = new JsonObject { ["limits"] = limits.DeepClone() } };
        var mounts = new JsonArray();
        foreach (var mount in service["volumes"]?.AsArray() ?? [])
        {
            if (Mount(name, mount!.AsObject(), plan, volumes, notes) is { } kept)
                mounts.Add((JsonNode)kept);
        }
        if (mounts.Count > 0)
            copy["volumes"] = mounts;
        return copy;
    }

    private static void Environment(JsonObject environment, IsolationPlan plan)
    {
        foreach (var announcing in Announcing)
            environment.Remove(announcing);
        // Taken out of the env file when the project was resolved; the copy's release is another one after its rollback.
        if (environment.ContainsKey(plan.TagVariable))
            environment[plan.TagVariable] = plan.Tag;
    }

    private static JsonObject? Mount(string service, JsonObject mount, IsolationPlan plan, JsonObject volumes, List<string> notes)
    {
        var target = mount["target"]!.ToString();
        var source = mount["source"]?.ToString();
        switch (mount["type"]?.ToString())
        {
            case "tmpfs":
                return mount.DeepClone().AsObject();
            case "volume":
                var fresh = new JsonObject { ["type"] = "volume", ["target"] = target };
                if (source is { Length: > 0 })
                {
                    volumes[source] = new JsonObject { ["labels"] = Labels(plan) };
                    fresh["source"] = source;
                }
                return fresh;
            case "bind" when source is not null && plan.IsFile(source):
                if (mount["read_only"]?.GetValue<bool>() != true)
                    notes.Add($"{service}: {source} is mounted read-only");
                return new JsonObject { ["type"] = "bind", ["source"] = source, ["target"] = target, ["read_only"] = true };
            case "bind":
                // A container name for the folder stays, so that whoever expects one finds it, and finds it empty.
                if (source?.EndsWith(".sock", StringComparison.Ordinal) == true)
                {
                    notes.Add($"{service}: without the socket {source}");
                    return null;
                }
                notes.Add($"{service}: an empty volume at {target} instead of {source}");
                return new JsonObject { ["type"] = "volume", ["target"] = target };
            default:
                notes.Add($"{service}: without the {mount["type"]} mount at {target}");
                return null;
        }
    }

    private static IEnumerable<string> Aliases(JsonObject service) =>
        new[] { service["container_name"]?.ToString(), service["hostname"]?.ToString() }.OfType<string>()
            .Concat(service["networks"]?.AsObject().SelectMany(network => network.Value?["aliases"]?.AsArray().Select(alias => alias!.ToString()) ?? []) ?? [])
            .Distinct(StringComparer.Ordinal);

    private static JsonObject Labels(IsolationPlan plan)
    {
        var labels = new JsonObject();
        foreach (var (name, value) in plan.Labels)
            labels[name] = value;
        return labels;
    }

    // Compose has written every other dollar sign twice.
    private static JsonNode? Tagged(JsonNode? node, IsolationPlan plan) => node switch
    {
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Tagged(pair.Value, plan)))),
        JsonArray list => new JsonArray([.. list.Select(item => Tagged(item, plan))]),
        JsonValue value when value.TryGetValue<string>(out var text) => text.Replace(plan.Tag, $"${{{plan.TagVariable}}}", StringComparison.Ordinal),
        _ => node?.DeepClone(),
    };
}
