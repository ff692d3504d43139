using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Imports. The project's own modules are followed when a name of theirs is used, as long as that costs little.</content>
internal sealed partial class Evaluator
{
    private const int MostImported = 40;
    private const int MostImportDepth = 12;
    private const long MostForImport = 200_000;

    private readonly Dictionary<string, SourceModule?> imported = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Importer, string Path), Value?> followed = [];
    private int importing;

    private void Import(Statement statement)
    {
        switch (statement)
        {
            case ImportStatement import:
                foreach (var name in import.Names)
                {
                    var dot = name.Name.IndexOf('.');
                    var path = name.Alias is not null || dot < 0 ? name.Name : name.Name[..dot];
                    frame.Scope.Set(name.Alias ?? path, new ModulePath(path) { Importer = source.File });
                }

                break;
            case FromImportStatement from:
                // A relative import keeps its dots: it is the application's own code.
                var module = new string('.', from.Level) + from.Module;
                foreach (var name in from.Names)
                {
                    if (name.Name != "*")
                        frame.Scope.Set(name.Alias ?? name.Name, new ModulePath(module + "." + name.Name) { Importer = source.File, Level = from.Level });
                    else if (Modules.IsKnown(module))
                        source.StarImport = module;
                    else if (ModuleOf(source.File, from.Level, from.Module) is { } own)
                        TakeAll(own);
                    else
                        Obscure();
                }

                break;
        }
    }

    // All names of a module that isn't known: any of them may take the place of one that was set before.
    private void Obscure()
    {
        foreach (var (name, value) in frame.Scope.Own.ToArray())
        {
            if (value is Constant or Sequence or Mapping)
                frame.Scope.Own[name] = Opaque.Value;
        }
    }

    private void TakeAll(SourceModule own)
    {
        Effort.Spend(own.Names.Own.Count);
        source.StarImport ??= own.StarImport;
        foreach (var (name, value) in own.Names.Own.ToArray())
        {
            if (!name.StartsWith('_'))
                frame.Scope.Set(name, value);
        }
    }

    /// <summary>What a name of the project's stands for, where its module can be followed; else the name itself.</summary>
    private Value Followed(Value value)
    {
        for (var step = 0; step < MostImportDepth && value is ModulePath { Importer: not null } path && !Modules.IsKnown(path.Path); step++)
        {
            if (NamedIn(path) is not { } found)
                break;
            value = found;
        }

        return value;
    }

    private Value? NamedIn(ModulePath path)
    {
        var key = (path.Level > 0 ? path.Importer! : "", path.Path);
        if (followed.TryGetValue(key, out var known))
            return known;
        var dot = path.Path.LastIndexOf('.');
        Value? found = null;
        if (dot >= path.Level && dot >= 0 && ModuleOf(path.Importer!, path.Level, path.Path[path.Level..Math.Max(dot, path.Level)].Trim('.')) is { } module)
        {
            found = module.Names.Own.GetValueOrDefault(path.Last);
            // While the module is being loaded, more names may come; and a name may be bound again.
            if (found is null || importing > 0)
                return found;
        }

        return followed[key] = found;
    }

    private SourceModule? ModuleOf(string importer, int level, string name)
    {
        if (modules?.Find(importer, level, name) is not { } file)
            return null;
        if (imported.TryGetValue(file, out var known))
            return known;
        if (imported.Count >= MostImported || importing >= MostImportDepth || modules.Parse(file) is not { } parsed)
            return imported[file] = null;
        var loaded = imported[file] = new SourceModule(parsed, file, new Scope(null), isImported: true);
        return Load(loaded) ? loaded : imported[file] = null;
    }

    /// <summary>Runs an imported module's own statements; false when that is too much. What they do to the database is done by the import.</summary>
    private bool Load(SourceModule module)
    {
        var before = (frame, source, outside, conditional, calls, ways, dataDepth, raisesNow, loading, nesting);
        var made = changes.Count;
        using var account = Effort.Begin(pool, MostForImport);
        importing++;
        try
        {
            outside ??= lastLine;
            (frame, source, conditional, dataDepth, raisesNow, loading) = (new Frame(module.Names, isModule: true), module, 0, 0, false, true);
            Block(module.Module.Body);
            return true;
        }
        catch (TooMuchException)
        {
            changes.RemoveRange(made, changes.Count - made);
            return false;
        }
        finally
        {
            (frame, source, outside, conditional, calls, ways, dataDepth, raisesNow, loading, nesting) = before;
            importing--;
        }
    }
}
