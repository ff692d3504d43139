using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using Runback.Engine.Binding;
using Runback.Engine.Graph;
using Runback.Engine.Output;
using Runback.Engine.Sealing;
using Runback.Engine.Shell;

namespace Runback.Engine.Running;

/// <summary>One start of a build, from its arguments to its exit code.</summary>
internal sealed class BuildSession<T>(ProcessHost host, Func<T> create, IReadOnlyList<Expression<Func<T, Target>>> defaults)
    where T : NukeBuild
{
    private readonly SecretMask mask = new();
    private OutputStreams? streams;
    private CommandLine? line;
    private bool json;

    // What stands on standard output is all that this start is for.
    private bool printed;

    private OutputStreams Streams => streams ??= new OutputStreams(host.Output, host.Error, mask);

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        var code = Outcome();
        if (Streams.OutputFailure is not { } failure || !(json || printed && !failure.IsReaderGone))
            return code;
        ConsoleFor(Verbosity.Normal).Error(
            $"Standard output can't be written ({failure.Message}): {(json ? "the JSON document of this run" : "what was asked for")} has reached nobody.",
            code == 0 ? "everything else was done; exit code 1 says that this was not" : null);
        return code == 0 ? 1 : code;
    }

    private int Outcome()
    {
        json = JsonRequest.IsIn(host);
        try
        {
            return Start();
        }
        catch (UsageException exception)
        {
            ConsoleFor(Verbosity.Normal).Usage(exception);
            if (json && !Streams.OutputUsed)
                Streams.WriteLine(toError: false, JsonDocuments.Usage(exception));
            return 2;
        }
        catch (Exception exception)
        {
            return Report(exception, 1);
        }
    }

    private int Report(Exception exception, int code)
    {
        ConsoleFor(NukeBuild.Verbosity).Failure("The build could not start", exception);
        if (json && !Streams.OutputUsed)
            Streams.WriteLine(toError: false, JsonDocuments.Failure(exception, code));
        return code;
    }

    private int Start()
    {
        var parameters = ParameterCatalog.Read(typeof(T));
        var names = TargetCatalog.NamesOf(typeof(T)).ToDictionary(Naming.Plain);
        if (host.Arguments is [":complete", ..])
        {
            foreach (var candidate in Completer.Candidates([.. host.Arguments.Skip(1)], parameters, ListedTargets(names.Values), CompletionRoot()))
                Streams.WriteLine(toError: false, candidate);
            return 0;
        }

        if (host.Arguments is [":secrets", ..])
        {
            new SecretsCommand(host, parameters, x => Streams.WriteLine(toError: false, x)).Run([.. host.Arguments.Skip(1)]);
            return 0;
        }

        line = CommandLine.Parse(host.Arguments, parameters.Options, x => names.ContainsKey(Naming.Plain(x)));
        json = parameters.OptionOf(BuiltInOptions.Json) is var option && line.Has(option) ? line.IsOn(option) : json;
        if (line.ValueOf(BuiltInOptions.Completion) is { } shell)
            return Print(CompletionScripts.For(shell));

        if (line.IsOn(BuiltInOptions.Version))
            return Print(VersionText.Of(typeof(T).Assembly, json));
        EnvironmentOptions.AddTo(line, parameters, host.Environment);
        NukeBuild.RootDirectory = RootDirectoryFinder.Find(line.ValueOf(BuiltInOptions.Root), host.CurrentDirectory, host.Environment);
        EnvironmentCheck.ThrowIfMistyped(host.Variables(), parameters);
        var binder = new ParameterBinder(parameters, line, host.Environment, host.CurrentDirectory, NukeBuild.RootDirectory);
        NukeBuild.Verbosity = binder.Verbosity();
        NukeBuild.LoadedLocalProfiles = [.. binder.Profiles];
        NukeBuild.IsServerBuild = CiDetector.Detect(host.Environment) != CiSystem.None;

        var build = create();
        foreach (var secret in parameters.Secrets)
            mask.Watch(() => secret is FieldInfo field ? field.GetValue(build) : ((PropertyInfo)secret).GetValue(build));
        binder.Bind(build);
        build.NoLogo = binder.IsOn(BuiltInOptions.NoLogo);
        json = parameters.Find("json")?.Get(build) is bool bound ? bound : json;
        var targets = TargetCatalog.Read(build, defaults);
        foreach (var target in targets.All)
            target.Status = ExecutionStatus.None;
        return Act(build, parameters, binder, targets);
    }

    private int Act(T build, ParameterCatalog parameters, ParameterBinder binder, TargetCatalog targets)
    {
        var help = new HelpText(parameters, binder, targets, build, line!, host.Width);
        if (line!.IsOn(BuiltInOptions.Schema))
            return Print(SchemaText.Of(parameters, targets, build));
        if (line.IsOn(BuiltInOptions.GenerateSchema))
            return SchemaText.WriteTo(NukeBuild.RootDirectory, SchemaText.Of(parameters, targets, build)) is var path ? Print(path) : 0;
        if (line.IsOn(BuiltInOptions.Help))
            return Print(help.For([.. line.Words, .. line.Variables.ContainsKey(BuiltInOptions.Target) ? [] : line.ValuesOf(BuiltInOptions.Target) ?? []], json));

        var selection = TargetSelection.Of(line, targets, parameters);
        var plan = ExecutionPlan.Of(selection.Invoked);
        selection.CheckSkips(plan);
        foreach (var target in plan.Targets)
            target.Status = ExecutionStatus.Scheduled;
        foreach (var target in selection.Invoked)
            target.Invoked = true;
        build.ExecutionPlan = plan.Targets;
        build.Plan = line.IsOn(BuiltInOptions.Plan);

        using var redirection = new ConsoleRedirection(Streams, json);
        if (!build.Plan)
            mask.Discovered = TellRunner(build, parameters, binder);
        mask.Refresh();
        try
        {
            build.OnBuildCreated();
        }
        catch (Exception exception)
        {
            return Report(exception, build.ExitCode ?? 1);
        }

        SkipMarker.Mark(plan.Targets, selection.Skipped, $"by {selection.Source}");
        selection.CheckRest(plan);
        var missing = Requirements.Check(build, parameters, plan.Targets, binder.Sealed.Keys.ToHashSet());
        if (build.Plan)
            return Print(json ? PlanView.Json(plan, missing) : PlanView.Text(plan, missing));
        if (parameters.Secrets.Count > 0)
            WarnOfSecretsInArguments(parameters);
        Requirements.ThrowIfMissing(missing, binder.Unread);
        Unsealing.Run(build, binder.Sealed.Values, plan.Targets.Where(x => x.Status == ExecutionStatus.Scheduled), new PasswordSource(host), NukeBuild.RootDirectory);
        if (!build.NoLogo)
            ConsoleFor(NukeBuild.Verbosity).Logo(help.InForce());
        return Execute(build, plan, redirection);
    }

    private int Execute(T build, ExecutionPlan plan, ConsoleRedirection redirection)
    {
        var console = ConsoleFor(NukeBuild.Verbosity);
        var watch = Stopwatch.StartNew();
        using var interruption = new Interruption(console.Warning);
        Exception? failure = null;
        try
        {
            build.OnBuildInitialized();
            new TargetRunner(build, plan, console, Streams, redirection.Writers, interruption).Run();
        }
        catch (Exception exception)
        {
            failure = exception;
            console.Failure("The build could not start", exception);
            foreach (var target in plan.Targets.Where(x => x.Status is ExecutionStatus.Scheduled))
                target.Status = ExecutionStatus.NotRun;
        }

        redirection.EndLines();
        console.Summarize(plan.Targets, watch.Elapsed);
        try
        {
            redirection.LetDocumentThrough();
            build.OnBuildFinished();
            redirection.EndLines();
        }
        catch (Exception exception)
        {
            redirection.EndLines();
            console.Failure("The end of the run failed", exception);
            failure ??= exception;
            build.ExitCode = build.ExitCode is null or 0 ? 1 : build.ExitCode;
        }

        failure ??= plan.Targets.Select(x => x.Failure).FirstOrDefault(x => x is not null);
        var code = build.ExitCode ?? interruption.ExitCode ?? (failure is null && build.IsSucceeding ? 0 : 1);
        if (json && !Streams.OutputUsed)
            Streams.WriteLine(toError: false, code == 0 ? JsonDocuments.Done(plan.Targets) : JsonDocuments.Failure(failure, code));
        return code;
    }

    /// <summary>
    /// Tells the CI system to mask what it can't know; what it put into the environment itself, it masks already. Where the stream lands in a file, nobody is told: the
    /// value would stand there.
    /// </summary>
    private Action<string>? TellRunner(T build, ParameterCatalog parameters, ParameterBinder binder)
    {
        if (CiDetector.Detect(host.Environment) != CiSystem.GitHubActions || host.IsKept(json))
            return null;
        var known = parameters.All.Where(x => x.IsSecret && binder.Origins[x].Kind == OriginKind.Environment)
            .SelectMany(x => x.Get(build) is IEnumerable<string> several ? several : [x.Get(build)?.ToString() ?? ""]).ToHashSet();
        var console = ConsoleFor(NukeBuild.Verbosity);
        return secret =>
        {
            if (!known.Contains(secret))
                console.AddMask(secret);
        };
    }

    private int Print(string text)
    {
        printed = true;
        Streams.WriteLine(toError: false, text.TrimEnd('\n'));
        return 0;
    }

    private void WarnOfSecretsInArguments(ParameterCatalog parameters)
    {
        foreach (var parameter in parameters.All.Where(x => x.IsSecret && line!.Has(x.Option)))
            ConsoleFor(NukeBuild.Verbosity).Warning($"{parameter.Option.Kebab} on the command line can be read by every user of this machine; use {parameter.EnvironmentNames[^1]} in the environment");
    }

    private BuildConsole ConsoleFor(Verbosity verbosity) => new(Streams, CiDetector.Detect(host.Environment), json,
        colour: string.IsNullOrEmpty(host.Environment("NO_COLOR")) && host.Environment("TERM") != "dumb" && host.IsTerminal(json), verbosity);

    // Only a build itself knows which of its targets are listed.
    private IReadOnlyList<string> ListedTargets(IEnumerable<string> all)
    {
        try
        {
            return [.. TargetCatalog.Read(create(), defaults).All.Where(x => x.Listed).Select(x => x.Name)];
        }
        catch (Exception)
        {
            return [.. all];
        }
    }

    private string? CompletionRoot()
    {
        try
        {
            return RootDirectoryFinder.Find(null, host.CurrentDirectory, host.Environment);
        }
        catch (UsageException)
        {
            return null;
        }
    }
}
