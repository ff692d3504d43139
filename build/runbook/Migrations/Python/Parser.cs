namespace Runback.Runbook.Migrations.Python;

/// <summary>
/// Parses Python 3.13 into statements and expressions (Python Language Reference, chapter 10). Patterns of <c>match</c> and
/// annotations of parameters are skipped; they never change what a migration does.
/// </summary>
public sealed partial class Parser
{
    private const int MostNesting = 300;
    private const int MostLinks = 1_000;

    private readonly string source;
    private readonly List<Token> tokens;
    private int at;
    private int depth;
    private int links;
    private int lineEnd;

    private Parser(string source, List<Token> tokens, int depth)
    {
        this.source = source;
        this.tokens = tokens;
        this.depth = depth;
    }

    /// <summary>Parses a whole file.</summary>
    /// <exception cref="PythonSyntaxException">The text isn't Python.</exception>
    public static Module ParseModule(string source)
    {
        var parser = new Parser(source, Tokenizer.Read(source), 0);
        var body = new List<Statement>();
        while (parser.Current.Kind != TokenKind.End)
            parser.StatementLine(body);
        return new Module(body);
    }

    private Token Current => tokens[at];

    private int Line => tokens[at].Line;

    private bool Is(string text)
    {
        var token = tokens[at];
        return token.Kind is TokenKind.Operator or TokenKind.Name && token.Text == text;
    }

    private bool NextIs(string text) => at + 1 < tokens.Count && tokens[at + 1].Kind is TokenKind.Operator or TokenKind.Name && tokens[at + 1].Text == text;

    private bool Take(string text)
    {
        if (!Is(text))
            return false;
        at++;
        return true;
    }

    private void Expect(string text)
    {
        if (!Take(text))
            throw Unexpected($"'{text}'");
    }

    private string Identifier()
    {
        if (Current.Kind != TokenKind.Name || Keywords.IsKeyword(Current.Text))
            throw Unexpected("a name");
        return tokens[at++].Text;
    }

    private void Enter()
    {
        if (++depth > MostNesting || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new PythonSyntaxException("nested too deeply", Line);
    }

    // A chain (a + b + c …, a.b.c …) is read in a loop, and yet each link holds all before it: what walks over it later goes as deep.
    private void Link()
    {
        if (++links > MostLinks)
            throw new PythonSyntaxException($"a chain of more than {MostLinks} operators, attributes or calls", Line);
    }

    private PythonSyntaxException Unexpected(string expected)
    {
        var found = Current.Kind switch
        {
            TokenKind.NewLine => "the end of the line",
            TokenKind.End => "the end of the file",
            TokenKind.Indent => "an indented line",
            TokenKind.Dedent => "the end of the block",
            TokenKind.Quoted => "a string",
            _ => $"'{Current.Text}'",
        };
        return new PythonSyntaxException($"expected {expected}, found {found}", Line);
    }
}
