namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads a type's name where a column or a domain is declared (PostgreSQL manual, chapter 8).</summary>
internal static class TypeReader
{
    private static readonly string[] IntervalFields = ["year", "month", "day", "hour", "minute", "second", "to"];

    /// <summary>Reads one type, as written, and requires that it is one.</summary>
    public static string Read(StatementReader reader)
    {
        var start = reader.Rest;
        reader.Try("setof");
        var first = reader.Name();
        if (first.Name == "double")
            reader.Try("precision");
        else if (first.Name is "character" or "char" or "bit" or "nchar")
            reader.Try("varying");
        else if (first.Name == "national" && reader.TryAny("character", "char"))
            reader.Try("varying");
        if (reader.Next.Is("("))
            reader.Parentheses();
        if (first.Name is "timestamp" or "time" && reader.TryAny("with", "without"))
            reader.Expect("time", "zone");
        while (first.Name == "interval" && reader.TryAny(IntervalFields))
            if (reader.Next.Is("("))
                reader.Parentheses();
        if (reader.Next.Is("%"))
            throw new NotUnderstoodException("the type is that of a column elsewhere");
        while (reader.Next.Is("[") || reader.Sees("array"))
        {
            if (reader.Try("array") && !reader.Next.Is("["))
                break;
            reader.ExpectMark("[");
            if (reader.Next.Kind == TokenKind.Number)
                reader.Take();
            reader.ExpectMark("]");
        }
        return reader.Text([.. start.Take(start.Count - reader.Rest.Count)]);
    }
}
