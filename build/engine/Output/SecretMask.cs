namespace Runback.Engine.Output;

/// <summary>Replaces secrets in text by <c>***</c>. Knows the values of members marked as secret, also those set while targets run. Safe for several threads.</summary>
internal sealed class SecretMask
{
    private readonly Lock gate = new();
    private readonly List<Func<object?>> sources = [];
    private readonly HashSet<string> seen = [];
    private string[] forms = [];

    /// <summary>Called with each secret when it is first seen.</summary>
    public Action<string>? Discovered { get; set; }

    /// <summary>Adds a member; its value is read again before every line of output.</summary>
    public void Watch(Func<object?> source)
    {
        lock (gate)
            sources.Add(source);
    }

    /// <summary>The text without secrets.</summary>
    public string Apply(string text)
    {
        foreach (var form in Forms())
            text = text.Replace(form, "***", StringComparison.Ordinal);
        return text;
    }

    /// <summary>How much of an unfinished line can be printed without cutting through what may become a secret.</summary>
    public int SafeLength(string text)
    {
        var current = Forms();
        var safe = text.Length;
        foreach (var form in current)
        {
            for (var length = Math.Min(form.Length - 1, text.Length); length > 0; length--)
            {
                if (string.CompareOrdinal(text, text.Length - length, form, 0, length) == 0)
                {
                    safe = Math.Min(safe, text.Length - length);
                    break;
                }
            }
        }

        // A whole secret that reaches over that point stays together.
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var form in current)
            {
                for (var at = text.IndexOf(form, StringComparison.Ordinal); at >= 0 && at < safe; at = text.IndexOf(form, at + 1, StringComparison.Ordinal))
                {
                    if (at + form.Length > safe)
                    {
                        safe = at;
                        moved = true;
                    }
                }
            }
        }

        return safe;
    }

    /// <summary>Looks for new values now.</summary>
    public void Refresh() => Forms();

    // In a list of secrets a short word says what kind of thing is meant (a channel `github`); to hide it would hide it everywhere.
    private static bool IsWord(string text) => text.Length < 8 && text.All(x => char.IsAsciiLetterLower(x) || x == '-');

    private static object? ValueOf(Func<object?> source)
    {
        try
        {
            return source();
        }
        catch (Exception)
        {
            // A property that can't be read has no value to hide.
            return null;
        }
    }

    private string[] Forms()
    {
        lock (gate)
        {
            List<string>? added = null;
            foreach (var source in sources)
            {
                var value = ValueOf(source);
                var several = value as IEnumerable<string>;
                foreach (var secret in several ?? (value?.ToString() is { } text ? [text] : []))
                {
                    if (secret is { Length: >= SecretForms.ShortestSecret } && !(several is not null && IsWord(secret)) && seen.Add(secret))
                        (added ??= []).Add(secret);
                }
            }

            if (added is not null)
            {
                forms = [.. forms.Concat(added.SelectMany(SecretForms.Of)).Distinct().OrderByDescending(x => x.Length)];
                foreach (var secret in added)
                    Discovered?.Invoke(secret);
            }

            return forms;
        }
    }
}
