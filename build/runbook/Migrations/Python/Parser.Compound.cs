namespace Runback.Runbook.Migrations.Python;

/// <content>Compound statements: those that hold a block.</content>
public sealed partial class Parser
{
    /// <summary>The compound statement that starts here, or null.</summary>
    private Statement? CompoundStatement()
    {
        if (Is("@"))
            return Decorated();
        if (Current.Kind != TokenKind.Name)
            return Current.Kind == TokenKind.Indent ? throw Unexpected("a statement at the block's indentation") : null;
        return Current.Text switch
        {
            "if" => If(),
            "for" => For(isAsync: false),
            "while" => While(),
            "with" => With(isAsync: false),
            "try" => Try(),
            "def" => Function([], isAsync: false),
            "class" => Class([]),
            "async" => Async([]),
            "match" when IsMatchStatement() => Match(),
            _ => null,
        };
    }

    private List<Statement> Block()
    {
        Expect(":");
        Enter();
        var body = new List<Statement>();
        if (Current.Kind == TokenKind.NewLine)
        {
            at++;
            if (Current.Kind != TokenKind.Indent)
                throw Unexpected("an indented block");
            at++;
            while (Current.Kind is not (TokenKind.Dedent or TokenKind.End))
                StatementLine(body);
            if (Current.Kind == TokenKind.Dedent)
                at++;
        }
        else
        {
            do
                body.Add(SimpleStatement());
            while (Take(";") && Current.Kind != TokenKind.NewLine);
            if (Current.Kind == TokenKind.NewLine)
                at++;
            else if (Current.Kind != TokenKind.End)
                throw Unexpected("the end of the statement");
        }

        depth--;
        return body;
    }

    private Statement Decorated()
    {
        var decorators = new List<Expression>();
        while (Take("@"))
        {
            decorators.Add(NamedExpression());
            if (Current.Kind != TokenKind.NewLine)
                throw Unexpected("the end of the line");
            at++;
        }

        if (Is("def"))
            return Function(decorators, isAsync: false);
        if (Is("class"))
            return Class(decorators);
        return Is("async") ? Async(decorators) : throw Unexpected("'def' or 'class' after a decorator");
    }

    private Statement Async(IReadOnlyList<Expression> decorators)
    {
        at++;
        return Current.Text switch
        {
            "def" => Function(decorators, isAsync: true),
            "for" => For(isAsync: true),
            "with" => With(isAsync: true),
            _ => throw Unexpected("'def', 'for' or 'with' after 'async'"),
        };
    }

    private FunctionDefinition Function(IReadOnlyList<Expression> decorators, bool isAsync)
    {
        var line = Line;
        at++;
        var name = Identifier();
        if (Is("["))
            SkipBrackets();
        Expect("(");
        var parameters = Parameters(")", annotated: true);
        Expect(")");
        if (Take("->"))
            Expression();
        return new FunctionDefinition(name, parameters, Block(), decorators, isAsync, line);
    }

    private List<Parameter> Parameters(string closing, bool annotated)
    {
        var parameters = new List<Parameter>();
        while (!Is(closing))
        {
            if (!Take("/"))
                parameters.Add(Parameter(annotated));
            if (!Take(","))
                break;
        }

        return parameters;
    }

    private Parameter Parameter(bool annotated)
    {
        var stars = Take("**") ? 2 : Take("*") ? 1 : 0;
        if (stars == 1 && Is(","))
            return new Parameter("", null, 1);
        var name = Identifier();
        if (annotated && Take(":"))
            StarOrExpression();
        return new Parameter(name, Take("=") ? Expression() : null, stars);
    }

    private ClassDefinition Class(IReadOnlyList<Expression> decorators)
    {
        var line = Line;
        at++;
        var name = Identifier();
        if (Is("["))
            SkipBrackets();
        IReadOnlyList<Argument> arguments = Take("(") ? Arguments() : [];
        return new ClassDefinition(name, arguments, Block(), decorators, line);
    }

    private IfStatement If()
    {
        var line = Line;
        var branches = new List<IfBranch>();
        do
        {
            at++;
            var test = NamedExpression();
            branches.Add(new IfBranch(test, Block()));
        }
        while (Is("elif"));
        return new IfStatement(branches, Else(), line);
    }

    private List<Statement> Else() => Take("else") ? Block() : [];

    private ForStatement For(bool isAsync)
    {
        var line = Line;
        at++;
        var target = TargetList();
        Expect("in");
        var values = ExpressionList();
        var body = Block();
        return new ForStatement(target, values, body, Else(), isAsync, line);
    }

    private WhileStatement While()
    {
        var line = Line;
        at++;
        var test = NamedExpression();
        var body = Block();
        return new WhileStatement(test, body, Else(), line);
    }

    private WithStatement With(bool isAsync)
    {
        var line = Line;
        at++;
        var items = new List<WithItem>();
        if (Is("(") && BracketEndsWithColon())
        {
            at++;
            while (!Is(")"))
            {
                items.Add(WithItem());
                if (!Take(","))
                    break;
            }

            Expect(")");
        }
        else
        {
            do
                items.Add(WithItem());
            while (Take(","));
        }

        return new WithStatement(items, Block(), isAsync, line);
    }

    private WithItem WithItem()
    {
        var context = NamedExpression();
        return new WithItem(context, Take("as") ? Target(StarTarget()) : null);
    }

    /// <summary>Whether the bracket that opens here is the whole list of a <c>with</c>: its closing one is followed by a colon.</summary>
    private bool BracketEndsWithColon()
    {
        var start = at;
        SkipBrackets();
        var ends = Is(":");
        at = start;
        return ends;
    }

    private TryStatement Try()
    {
        var line = Line;
        at++;
        var body = Block();
        var handlers = new List<ExceptHandler>();
        while (Is("except"))
        {
            var from = Line;
            at++;
            Take("*");
            var type = Is(":") ? null : ExpressionList();
            var name = Take("as") ? Identifier() : null;
            handlers.Add(new ExceptHandler(type, name, Block(), from));
        }

        var otherwise = Else();
        var last = Take("finally") ? Block() : [];
        if (handlers.Count == 0 && last.Count == 0)
            throw Unexpected("'except' or 'finally'");
        return new TryStatement(body, handlers, otherwise, last, line);
    }

    /// <summary><c>match</c> is a keyword only where a colon ends the line and a block of cases follows.</summary>
    private bool IsMatchStatement()
    {
        // A line of many statements is looked through once.
        if (lineEnd <= at)
        {
            lineEnd = at;
            while (tokens[lineEnd].Kind is not (TokenKind.NewLine or TokenKind.End))
                lineEnd++;
        }

        var i = lineEnd;
        return i > at + 2 && tokens[i - 1].Text == ":" && i + 2 < tokens.Count && tokens[i + 1].Kind == TokenKind.Indent && tokens[i + 2].Text == "case";
    }

    private MatchStatement Match()
    {
        var line = Line;
        at++;
        var subject = ExpressionList();
        Expect(":");
        at += 2; // the line's end and the block's indentation, both seen by IsMatchStatement
        Enter();
        var cases = new List<MatchCase>();
        while (Is("case"))
        {
            var from = Line;
            at++;
            var names = new List<string>();
            while (!Is(":"))
            {
                if (Current.Kind is TokenKind.NewLine or TokenKind.End)
                    throw Unexpected("':' after the pattern");
                if (Current.Kind == TokenKind.Name && !Keywords.IsKeyword(Current.Text))
                    names.Add(Current.Text);
                if (Is("(") || Is("[") || Is("{"))
                    PatternBrackets(names);
                else
                    at++;
            }

            cases.Add(new MatchCase(names, Block(), from));
        }

        if (Current.Kind != TokenKind.Dedent)
            throw Unexpected("'case'");
        at++;
        depth--;
        return new MatchStatement(subject, cases, line);
    }

    private void PatternBrackets(List<string> names)
    {
        var start = at;
        SkipBrackets();
        for (var i = start; i < at; i++)
        {
            if (tokens[i].Kind == TokenKind.Name && !Keywords.IsKeyword(tokens[i].Text))
                names.Add(tokens[i].Text);
        }
    }
}
