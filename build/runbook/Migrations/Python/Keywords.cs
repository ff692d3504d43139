namespace Runback.Runbook.Migrations.Python;

/// <summary>Python's reserved words (Python Language Reference, 2.3.1).</summary>
internal static class Keywords
{
    /// <summary>Whether the name is reserved; soft keywords (<c>match</c>, <c>case</c>, <c>type</c>, <c>_</c>) aren't.</summary>
    internal static bool IsKeyword(string name) => name is
        "False" or "None" or "True" or "and" or "as" or "assert" or "async" or "await" or "break" or "class" or "continue" or "def" or "del"
        or "elif" or "else" or "except" or "finally" or "for" or "from" or "global" or "if" or "import" or "in" or "is" or "lambda"
        or "nonlocal" or "not" or "or" or "pass" or "raise" or "return" or "try" or "while" or "with" or "yield";
}
