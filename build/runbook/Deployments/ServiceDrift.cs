using Runback.Runbook.Engines;

namespace Runback.Runbook.Deployments;

/// <summary>
/// What <c>up</c> would change of a service beside its image: the container as it was made, held against the service as the compose files, the env file and the
/// operator's shell resolve it now. Names only, never a value of the environment.
/// </summary>
/// <param name="deployment">The deployment.</param>
/// <param name="project">The resolved project.</param>
internal sealed class ServiceDrift(Deployment deployment, ComposeProject project)
{
    private const string FilesLabel = "com.docker.compose.project.config_files";

    // Docker's client gives them to every container that it makes, from its own configuration ("Use a proxy server with the Docker CLI").
    private static readonly string[] Proxies = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "FTP_PROXY", "ALL_PROXY"];

    /// <summary>The compose files that a container was made from and that the profile doesn't name.</summary>
    public IReadOnlyList<string> UnnamedFiles(Container container)
    {
        var made = container.Labels.GetValueOrDefault(FilesLabel, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] named = [.. deployment.ComposeFiles.Select(file => Path.GetFullPath(file, deployment.Directory)), deployment.OverridePath];
        // Made in another folder, or seen from another host: then by their names.
        var isElsewhere = !made.Any(file => named.Contains(file, StringComparer.Ordinal));
        return [.. made.Where(file => !named.Any(name => isElsewhere ? Path.GetFileName(name) == Path.GetFileName(file) : name == file))];
    }

    /// <summary>What would differ, each in a few words; none where only the release would.</summary>
    /// <param name="state">The service as it runs.</param>
    /// <param name="pin">The value of the tag variable in the env file.</param>
    public IReadOnlyList<string> Of(ServiceState state, string? pin)
    {
        if (state.Container is not { } container)
            return [];
        var service = project.Service(state.Service);
        return
        [
            .. Environment(container, service, state.Image, pin),
            .. Mounts(container.Settings, service, state.Image),
            .. Limit("memory limit", container.Settings.Memory, service.Memory, bytes => $"{bytes / 1024 / 1024} MiB"),
            .. Limit("limit of processors", container.Settings.NanoCpus, service.NanoCpus, cpus => $"{cpus / 1e9:0.###}"),
            .. service.PublishedPorts is { } ports ? Set("published port", container.Settings.Ports, ports) : [],
            .. service.Networks is { } networks ? Set("network", container.Settings.Networks, networks.Select(name => project.Networks.GetValueOrDefault(name, name))) : [],
            .. Words(container.Settings, service, state.Image),
        ];
    }

    private IEnumerable<string> Environment(Container container, ComposeService service, Image? image, string? pin)
    {
        var has = Variables(container.Environment);
        var gets = Variables(image?.Environment ?? []);
        foreach (var (name, value) in service.Environment)
            gets[name] = value;
        foreach (var name in has.Keys.Union(gets.Keys).Where(name => name != deployment.TagVariable && !Proxies.Contains(name, StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            var (before, after) = (has.GetValueOrDefault(name), gets.GetValueOrDefault(name));
            if (after is null && image is not null)
                yield return $"the variable {name} goes";
            else if (before is null)
                yield return $"a variable {name} comes";
            else if (after is not null && before != after && !IsRelease(before, after, container, pin))
                yield return $"the variable {name} gets another value";
        }
    }

    // A variable may tell the release: it differs where what is pinned isn't what runs.
    private static bool IsRelease(string before, string after, Container container, string? pin)
    {
        var running = container.ImageReference[(container.ImageReference.LastIndexOf('/') + 1)..].Split(':', 2)[^1];
        return pin is { Length: > 0 } && before.Replace(running, "", StringComparison.Ordinal) == after.Replace(pin, "", StringComparison.Ordinal);
    }

    private IEnumerable<string> Mounts(ContainerSettings container, ComposeService service, Image? image)
    {
        if (service.HasMountsOfOthers)
            yield break;
        var gets = service.Mounts.Where(mount => mount.Kind is "bind" or "volume" or "tmpfs").DistinctBy(mount => mount.Target).ToDictionary(mount => mount.Target, StringComparer.Ordinal);
        foreach (var mount in container.Mounts.Where(mount => mount.Kind is "bind" or "volume"))
        {
            if (!gets.Remove(mount.Target.TrimEnd('/'), out var after))
            {
                // A volume of the image's own is made anew for each container, or taken over.
                if (image?.Volumes.Contains(mount.Target, StringComparer.Ordinal) != true && !service.Files.Contains(mount.Target, StringComparer.Ordinal))
                    yield return $"the mount at {mount.Target} goes";
            }
            else if (after.Kind != mount.Kind || (after.Source.Length > 0 && !Same(mount.Source, after.Kind == "volume" ? project.Volumes.GetValueOrDefault(after.Source, after.Source) : after.Source)))
                yield return $"the mount at {mount.Target} gets another source ({after.Source}, now {mount.Source})";
        }
        foreach (var mount in gets.Values.Where(mount => mount.Kind is "bind" or "volume"))
            yield return $"a mount at {mount.Target} comes";
    }

    // Some engines see the host's folders below one of their own; a volume's name is the whole of it.
    private static bool Same(string mounted, string wanted) =>
        mounted == wanted || (wanted.StartsWith('/') && (mounted.EndsWith(wanted, StringComparison.Ordinal) || Resolved(mounted) == Resolved(wanted)));

    // A release's folder is often reached by a link to it: each part of the path may be one.
    private static string Resolved(string path)
    {
        var resolved = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            resolved = Path.Combine(resolved, part);
            if (Path.Exists(resolved) && new FileInfo(resolved).ResolveLinkTarget(returnFinalTarget: true) is { } target)
                resolved = target.FullName;
        }
        return resolved;
    }

    private static IEnumerable<string> Limit(string what, long before, long after, Func<long, string> text) =>
        before == after ? [] : [$"the {what} changes from {(before == 0 ? "none" : text(before))} to {(after == 0 ? "none" : text(after))}"];

    private static IEnumerable<string> Set(string what, IEnumerable<string> before, IEnumerable<string> after)
    {
        var (has, gets) = (before.ToHashSet(StringComparer.Ordinal), after.ToHashSet(StringComparer.Ordinal));
        return has.Except(gets).Order(StringComparer.Ordinal).Select(one => $"the {what} {one} goes").Concat(gets.Except(has).Order(StringComparer.Ordinal).Select(one => $"a {what} {one} comes"));
    }

    private static IEnumerable<string> Words(ContainerSettings container, ComposeService service, Image? image)
    {
        var entrypoint = service.Entrypoint ?? image?.Entrypoint;
        if (entrypoint is not null && !entrypoint.SequenceEqual(container.Entrypoint))
            yield return "the entrypoint changes";
        // An entrypoint of the service's own takes the image's command away (Compose Specification, "entrypoint").
        var command = service.Command ?? (service.Entrypoint is null ? image?.Command : []);
        if (command is not null && !command.SequenceEqual(container.Command))
            yield return "the command changes";
        if ((service.User ?? image?.User) is { } user && user != container.User)
            yield return $"the user changes from {(container.User.Length == 0 ? "root" : container.User)} to {(user.Length == 0 ? "root" : user)}";
    }

    private static Dictionary<string, string> Variables(IEnumerable<string> lines)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parts in lines.Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2))
            variables[parts[0]] = parts[1];
        return variables;
    }
}
