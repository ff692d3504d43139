namespace Runback.Runbook.Migrations.Python;

/// <content>Simple statements: those that fit on one line.</content>
public sealed partial class Parser
{
    /// <summary>One compound statement, or the simple statements of one line.</summary>
    private void StatementLine(List<Statement> into)
    {
        if (CompoundStatement() is { } compound)
        {
            into.Add(compound);
            return;
        }

        do
            into.Add(SimpleStatement());
        while (Take(";") && Current.Kind != TokenKind.NewLine);

        if (Current.Kind == TokenKind.NewLine)
            at++;
        else if (Current.Kind != TokenKind.End)
            throw Unexpected("the end of the statement");
    }

    private Statement SimpleStatement()
    {
        var line = Line;
        if (Current.Kind == TokenKind.Name)
        {
            switch (Current.Text)
            {
                case "pass":
                    at++;
                    return new PassStatement(line);
                case "break":
                    at++;
                    return new BreakStatement(line);
                case "continue":
                    at++;
                    return new ContinueStatement(line);
                case "return":
                    at++;
                    return new ReturnStatement(AtLineEnd ? null : ExpressionList(), line);
                case "raise":
                    return Raise();
                case "assert":
                    at++;
                    var test = Expression();
                    return new AssertStatement(test, Take(",") ? Expression() : null, line);
                case "del":
                    at++;
                    var deleted = ExpressionList();
                    return new DeleteStatement(deleted is TupleDisplay several ? several.Items : [deleted], line);
                case "global" or "nonlocal":
                    return Scope();
                case "import":
                    return Import();
                case "from":
                    return FromImport();
                case "type" when at + 2 < tokens.Count && tokens[at + 1].Kind == TokenKind.Name && !Keywords.IsKeyword(tokens[at + 1].Text):
                    return TypeAlias();
            }
        }

        return ExpressionOrAssignment();
    }

    private bool AtLineEnd => Current.Kind is TokenKind.NewLine or TokenKind.End || Is(";");

    private Statement ExpressionOrAssignment()
    {
        var line = Line;
        var first = ExpressionList();
        if (Current.Kind != TokenKind.Operator)
            return new ExpressionStatement(first, line);
        if (Take(":"))
        {
            var annotation = Expression();
            return new AnnotatedAssignment(Target(first), annotation, Take("=") ? ExpressionList() : null, line);
        }

        if (Operators.OfAugmented(Current.Text) is { } operation)
        {
            at++;
            return new AugmentedAssignment(Target(first), operation, ExpressionList(), line);
        }

        if (!Is("="))
            return new ExpressionStatement(first, line);
        var targets = new List<Expression>();
        var value = first;
        while (Take("="))
        {
            targets.Add(Target(value));
            value = ExpressionList();
        }

        return new Assignment(targets, value, line);
    }

    /// <summary>The expression as something that can be assigned to.</summary>
    private static Expression Target(Expression expression)
    {
        var items = expression switch
        {
            TupleDisplay tuple => tuple.Items,
            ListDisplay list => list.Items,
            Starred starred => [starred.Value],
            Name or AttributeReference or Subscript => [],
            _ => throw new PythonSyntaxException("expected a name, an attribute or an item to assign to", expression.Line),
        };
        foreach (var item in items)
            Target(item);
        return expression;
    }

    private RaiseStatement Raise()
    {
        var line = Line;
        at++;
        if (AtLineEnd)
            return new RaiseStatement(null, null, line);
        var exception = Expression();
        return new RaiseStatement(exception, Take("from") ? Expression() : null, line);
    }

    private ScopeStatement Scope()
    {
        var line = Line;
        var isGlobal = Is("global");
        var names = new List<string>();
        do
        {
            at++;
            names.Add(Identifier());
        }
        while (Is(","));
        return new ScopeStatement(isGlobal, names, line);
    }

    private ImportStatement Import()
    {
        var line = Line;
        var names = new List<ImportedName>();
        do
        {
            at++;
            names.Add(new ImportedName(DottedName(), Take("as") ? Identifier() : null));
        }
        while (Is(","));
        return new ImportStatement(names, line);
    }

    private FromImportStatement FromImport()
    {
        var line = Line;
        at++;
        var level = 0;
        while (Is(".") || Is("..."))
            level += tokens[at++].Text.Length;
        var module = level > 0 && Is("import") ? "" : DottedName();
        Expect("import");
        var names = new List<ImportedName>();
        if (Take("*"))
            return new FromImportStatement(module, level, [new ImportedName("*", null)], line);
        var bracketed = Take("(");
        do
        {
            if (bracketed && Is(")"))
                break;
            var name = Identifier();
            names.Add(new ImportedName(name, Take("as") ? Identifier() : null));
        }
        while (Take(","));
        if (bracketed)
            Expect(")");
        return new FromImportStatement(module, level, names, line);
    }

    private string DottedName()
    {
        List<string> parts = [Identifier()];
        while (Take("."))
            parts.Add(Identifier());
        return string.Join('.', parts);
    }

    private TypeAliasStatement TypeAlias()
    {
        var line = Line;
        at++;
        var name = Identifier();
        if (Is("["))
            SkipBrackets();
        Expect("=");
        return new TypeAliasStatement(name, Expression(), line);
    }

    /// <summary>Steps over a bracketed part that isn't read: type parameters.</summary>
    private void SkipBrackets()
    {
        var open = 0;
        do
        {
            if (Is("(") || Is("[") || Is("{"))
                open++;
            else if (Is(")") || Is("]") || Is("}"))
                open--;
            at++;
        }
        while (open > 0);
    }
}
