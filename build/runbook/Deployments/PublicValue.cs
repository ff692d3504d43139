using System.Text.RegularExpressions;

namespace Runback.Runbook.Deployments;

/// <summary>
/// Tells settings that anybody may read (<c>production</c>, <c>8000</c>, <c>/var/lib/data</c>, <c>app.main:app</c>, <c>https://example.com/v1</c>) from what could be a
/// secret, by the value alone: it is public when it is short, or made of plain words and small numbers. Whatever looks drawn at random isn't.
/// </summary>
internal static partial class PublicValue
{
    /// <summary>Shorter values are switches, numbers and names, and hiding them would hide half of an ordinary text.</summary>
    public const int Shortest = 8;

    private const int LongestWord = 20;
    private const int MostWords = 3;
    private const int MostDigits = 9;

    // The hundred and sixty most frequent pairs of letters in English text: a word is mostly made of them, random letters hit one in four.
    private const string Pairs =
        "TH HE IN ER AN RE ON AT EN ND TI ES OR TE OF ED IS IT AL AR ST TO NT NG SE HA AS OU IO LE VE CO ME DE HI RI RO IC NE EA RA CE LI CH LL BE MA SI OM UR CA EL TA LA NS DI FO HO PE EC PR NO CT US AC "
        + "OT IL TR LY NC ET UT SS SO RS UN LO WA GE IE WH EE WI EM AD OL RT PO WE NA UL NI TS MO OW PA IM MI AI SH IR SU ID OS IV IA AM FI CI VI PL IG TU EV LD RY MP FE BL AB GH TY OP WO SA AY EX KE FR OO AV AG "
        + "IF AP GR OD BO SP RD DO UC BU EI OV BY RM EP TT OC";

    private static readonly HashSet<string> Frequent = [.. Pairs.Split(' ')];

    /// <summary>Whether a value is public.</summary>
    public static bool Is(string value) => value.Length < Shortest || Address().IsMatch(value) || Version().IsMatch(value) || IsPlain(WithoutUser(value));

    /// <summary>Whether it is written as an image's reference or tag is, with or without a digest.</summary>
    public static bool IsReference(string value) => Reference().IsMatch(value);

    // A user in an address is judged as another part of it.
    private static string WithoutUser(string value) => value.Contains("://", StringComparison.Ordinal) ? value.Replace('@', '/') : value;

    private static bool IsPlain(string value)
    {
        if (!Separated().IsMatch(value) || value.Count(char.IsAsciiDigit) > MostDigits)
            return false;
        var pieces = Piece().Matches(value).Select(match => match.Value).ToList();
        var words = pieces.Count(piece => char.IsAsciiLetter(piece[0]) && piece.Length > 2);
        // A phrase of words may be a password; a path, an address, a list or a module may have many.
        if (words > MostWords && value.AsSpan().IndexOfAny("/.:,") < 0)
            return false;
        return pieces.Count(piece => Mixed().IsMatch(piece)) <= 1 && pieces.TrueForAll(piece => piece.All(char.IsAsciiDigit) || Mixed().IsMatch(piece) || IsWord(piece));
    }

    private static bool IsWord(string piece)
    {
        if (!Word().IsMatch(piece) || piece.Length > LongestWord)
            return false;
        var humps = Hump().Matches(piece).Select(match => match.Value).ToList();
        if (humps.Count > 1 && humps.Exists(hump => hump.Length < 3))
            return false;
        return piece.Length < Shortest || Share(piece.ToUpperInvariant()) >= 0.45;
    }

    private static double Share(string word) =>
        Enumerable.Range(0, word.Length - 1).Count(at => Frequent.Contains(word.Substring(at, 2))) / (double)(word.Length - 1);

    // Words, numbers, and what stands between them in paths, addresses, modules and lists.
    [GeneratedRegex(@"^[\[""/.]*[A-Za-z0-9]+(?:[/.:,_+*""\[\] -]+[A-Za-z0-9]+)*[/*"".:\]]*\z")]
    private static partial Regex Separated();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Piece();

    [GeneratedRegex("^[A-Za-z]+$")]
    private static partial Regex Word();

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Hump();

    // v1, utf8, s3, 30s, 512m
    [GeneratedRegex(@"^(?:[A-Za-z]{1,4}\d{1,3}|\d{1,4}[A-Za-z]{1,3})$")]
    private static partial Regex Mixed();

    // Addresses with a port or a mask, one or several; times.
    [GeneratedRegex(@"^(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|/\d{1,2})?(?:,\s?|\z))+\z|^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?\z")]
    private static partial Regex Address();

    [GeneratedRegex(@"^v?\d{1,4}(?:[.-]\d{1,4}){1,3}(?:[-+.]?(?:rc|alpha|beta|dev|post|slim|alpine|bookworm|trixie)\.?\d{0,3})?\z")]
    private static partial Regex Version();

    [GeneratedRegex(@"^[a-z0-9][A-Za-z0-9._/:-]{0,200}(?:@sha256:[0-9a-f]{64})?\z")]
    private static partial Regex Reference();
}
