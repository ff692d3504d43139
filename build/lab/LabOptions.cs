namespace Runback.Lab;

/// <summary>Which lab: where it lives and how it is reached. Several may run side by side under different names, ports and folders.</summary>
public sealed record LabOptions
{
    /// <summary>The release that a new lab starts with.</summary>
    public const string DefaultTag = "2025-12-15-rc1";

    /// <summary>The Compose project's name; networks, volumes and the registry's container are named after it.</summary>
    public string Name { get; init; } = "runback-lab";

    /// <summary>The folder with the lab's sources (<c>build/lab</c>).</summary>
    public required string Sources { get; init; }

    /// <summary>The deployment's folder; it is the lab's own, made by <see cref="LabStack.UpAsync"/> and removed by <see cref="LabStack.DownAsync"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>The loopback port of the proxy, through which the application is reached.</summary>
    public int ProxyPort { get; init; } = 8517;

    /// <summary>The loopback port of the registry.</summary>
    public int RegistryPort { get; init; } = 5517;

    /// <summary>The release that a new lab starts with; one that runs already keeps its own.</summary>
    public string Tag { get; init; } = DefaultTag;

    /// <summary>The size of a newly seeded database in megabytes; 0 means 4,000 bookings.</summary>
    public int DataMegabytes { get; init; }

    /// <summary>The major version of the database's server; null for that of the lab which is there, or <see cref="PostgresVersion.Default"/>.</summary>
    public int? PostgresMajor { get; init; }

    /// <summary>Whether what is missing on the machine (engine, Compose) may be installed and started.</summary>
    public bool Provision { get; init; }

    /// <summary>Whether <see cref="LabStack.DownAsync"/> leaves the lab's images for a quicker next start.</summary>
    public bool KeepImages { get; init; }

    /// <summary>The repository of the releases, without a tag.</summary>
    public string Image => $"localhost:{RegistryPort}/{LabRegistry.Repository}";

    /// <summary>Where the application is reached from the host.</summary>
    public Uri BaseUrl => new($"http://127.0.0.1:{ProxyPort}");

    /// <summary>The lab of a checkout: sources and working folder below its root, everything else by default.</summary>
    public static LabOptions For(string rootDirectory) => new()
    {
        Sources = Path.Combine(rootDirectory, "build", "lab"),
        Directory = Path.Combine(rootDirectory, ".nuke", "temp", "lab", "deployment"),
    };
}
