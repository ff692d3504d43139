namespace Runback.Engine.Binding;

/// <summary>The options that every build has.</summary>
internal static class BuiltInOptions
{
    public static readonly Option Target = new("Target", OptionKind.Values, "Targets to run; the word --target itself can be left out.") { Separator = '+', TakesTargets = true };
    public static readonly Option Skip = new("Skip", OptionKind.Values, "Targets to leave out; without a name: everything that wasn't asked for by name.") { Separator = '+', TakesTargets = true, MayBeEmpty = true };
    public static readonly Option Profile = new("Profile", OptionKind.Repeated, "Reads .nuke/parameters.NAME.json too; can be given several times, the last one wins.");
    public static readonly Option Plan = new("Plan", OptionKind.Flag, "Shows what would run, in order, and runs nothing.");
    public static readonly Option Help = new("Help", OptionKind.Flag, "Shows the targets, or what follows it: the help of a target or a parameter, or all. Runs nothing.");
    public static readonly Option Version = new("Version", OptionKind.Flag, "Shows which version this is, and runs nothing.");
    public static readonly Option Json = new("Json", OptionKind.Flag, "Standard output holds one JSON document; everything else goes to standard error.");
    public static readonly Option Verbosity = new("Verbosity", OptionKind.Value, "How much is printed; Verbose adds stack traces.") { Allowed = Enum.GetNames<Verbosity>() };
    public static readonly Option NoLogo = new("NoLogo", OptionKind.Flag, "No heading at the start.");
    public static readonly Option Root = new("Root", OptionKind.Value, "The folder with the .nuke folder in it.");
    public static readonly Option Schema = new("Schema", OptionKind.Flag, "Prints the JSON schema of .nuke/parameters*.json.");
    public static readonly Option GenerateSchema = new("GenerateSchema", OptionKind.Flag, "Writes .nuke/build.schema.json.");
    public static readonly Option Completion = new("Completion", OptionKind.Value, "Prints the completion script of a shell.") { Allowed = ["bash", "zsh", "pwsh"] };

    public static IReadOnlyList<Option> All { get; } =
        [Target, Skip, Profile, Plan, Help, Version, Json, Verbosity, NoLogo, Root, Schema, GenerateSchema, Completion];

    /// <summary>The option that somebody means who is used to other programs' words; null when it is none of those.</summary>
    public static Option? Meant(string word) => Naming.Plain(word) switch
    {
        "help" or "usage" or "man" or "?" => Help,
        "version" or "ver" => Version,
        "plan" => Plan,
        _ => null,
    };

    /// <summary>Those that a build may declare as a parameter of its own: to learn their value, or because builds have long had one of that name.</summary>
    public static bool MayBeDeclared(string name) => Naming.Plain(name) is "json" or "version";
}
