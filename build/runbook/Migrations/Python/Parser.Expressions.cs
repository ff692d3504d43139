namespace Runback.Runbook.Migrations.Python;

/// <content>Expressions, from lists down to the operators (Python Language Reference, 6.17 for what binds tighter).</content>
public sealed partial class Parser
{
    /// <summary>One expression, or a tuple without brackets.</summary>
    private Expression ExpressionList()
    {
        var line = Line;
        var first = StarOrExpression();
        if (!Is(","))
            return first;
        var items = new List<Expression> { first };
        while (Take(",") && !EndsList())
            items.Add(StarOrExpression());
        return new TupleDisplay(items, line);
    }

    private bool EndsList() =>
        Current.Kind is TokenKind.NewLine or TokenKind.End
        || (Current.Kind == TokenKind.Operator && Current.Text is ")" or "]" or "}" or "=" or ":" or ";" || Operators.OfAugmented(Current.Text) is not null)
        || (Current.Kind == TokenKind.Name && Current.Text is "in" or "for" or "as");

    private Expression StarOrExpression()
    {
        var line = Line;
        return Take("*") ? new Starred(Binary(1), line) : NamedExpression();
    }

    /// <summary>The targets of a loop: no <c>in</c> operator here.</summary>
    private Expression TargetList()
    {
        var line = Line;
        var first = StarTarget();
        if (!Is(","))
            return Target(first);
        var items = new List<Expression> { first };
        while (Take(",") && !Is("in"))
            items.Add(StarTarget());
        return Target(new TupleDisplay(items, line));
    }

    private Expression StarTarget()
    {
        var line = Line;
        return Take("*") ? new Starred(Binary(1), line) : Binary(1);
    }

    private Expression NamedExpression()
    {
        var line = Line;
        if (Current.Kind == TokenKind.Name && NextIs(":=") && !Keywords.IsKeyword(Current.Text))
        {
            var name = Identifier();
            at++;
            return new NamedExpression(name, Expression(), line);
        }

        return Expression();
    }

    private Expression Expression()
    {
        Enter();
        var line = Line;
        Expression result;
        if (Is("lambda"))
        {
            at++;
            var parameters = Parameters(":", annotated: false);
            Expect(":");
            result = new LambdaExpression(parameters, Expression(), line);
        }
        else if (Is("yield"))
        {
            at++;
            var isFrom = Take("from");
            result = new YieldExpression(AtLineEnd || Is(")") || Is("=") ? null : ExpressionList(), isFrom, line);
        }
        else
        {
            result = Or();
            if (Take("if"))
            {
                var test = Or();
                Expect("else");
                result = new ConditionalExpression(test, result, Expression(), line);
            }
        }

        depth--;
        return result;
    }

    private Expression Or()
    {
        var first = And();
        if (!Is("or"))
            return first;
        var operands = new List<Expression> { first };
        while (Take("or"))
            operands.Add(And());
        return new BooleanOperation(false, operands, first.Line);
    }

    private Expression And()
    {
        var first = Not();
        if (!Is("and"))
            return first;
        var operands = new List<Expression> { first };
        while (Take("and"))
            operands.Add(Not());
        return new BooleanOperation(true, operands, first.Line);
    }

    private Expression Not()
    {
        var line = Line;
        if (!Take("not"))
            return Comparison();
        Enter();
        var operand = Not();
        depth--;
        return new UnaryOperation("not", operand, line);
    }

    private Expression Comparison()
    {
        var first = Binary(1);
        List<ComparedOperand>? others = null;
        while (ComparisonOperator() is { } operation)
            (others ??= []).Add(new ComparedOperand(operation, Binary(1)));
        return others is null ? first : new Comparison(first, others, first.Line);
    }

    /// <summary>Takes a comparison operator if there is one.</summary>
    private string? ComparisonOperator()
    {
        var token = Current;
        if (token.Kind == TokenKind.Operator && token.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
        {
            at++;
            return token.Text;
        }

        if (Take("in"))
            return "in";
        if (Is("not") && NextIs("in"))
        {
            at += 2;
            return "not in";
        }

        if (!Take("is"))
            return null;
        return Take("not") ? "is not" : "is";
    }

    /// <summary>Arithmetic and bitwise operators that bind at least as tightly as <paramref name="least"/>, left to right.</summary>
    private Expression Binary(int least)
    {
        var before = links;
        links = 0;
        var left = Unary();
        while (Current.Kind == TokenKind.Operator && Operators.Power(Current.Text) is var power && power >= least && power > 0)
        {
            var operation = tokens[at++].Text;
            left = new BinaryOperation(left, operation, Binary(power + 1), left.Line);
            Link();
        }

        links = Math.Max(before, links);
        return left;
    }

    private Expression Unary()
    {
        var line = Line;
        if (!Is("-") && !Is("+") && !Is("~"))
            return Power();
        Enter();
        var operation = tokens[at++].Text;
        var operand = Unary();
        depth--;
        return new UnaryOperation(operation, operand, line);
    }

    private Expression Power()
    {
        var line = Line;
        var awaited = Take("await");
        var operand = Primary();
        if (awaited)
            operand = new AwaitExpression(operand, line);
        if (!Take("**"))
            return operand;
        Enter();
        var exponent = Unary();
        depth--;
        return new BinaryOperation(operand, "**", exponent, line);
    }

    /// <summary>An atom with its attributes, calls and subscripts.</summary>
    private Expression Primary()
    {
        var before = links;
        links = 0;
        var result = Atom();
        while (Current.Kind == TokenKind.Operator)
        {
            if (Take("."))
                result = new AttributeReference(result, Identifier(), result.Line);
            else if (Take("("))
                result = new Call(result, Arguments(), result.Line);
            else if (Take("["))
                result = new Subscript(result, SubscriptIndex(), result.Line);
            else
                break;
            Link();
        }

        links = Math.Max(before, links);
        return result;
    }

    private List<Argument> Arguments()
    {
        Enter();
        var arguments = new List<Argument>();
        while (!Is(")"))
        {
            if (Take("**"))
            {
                arguments.Add(new Argument(null, Expression(), 2));
            }
            else if (Take("*"))
            {
                arguments.Add(new Argument(null, Expression(), 1));
            }
            else if (Current.Kind == TokenKind.Name && NextIs("=") && !Keywords.IsKeyword(Current.Text))
            {
                var keyword = Identifier();
                at++;
                arguments.Add(new Argument(keyword, Expression(), 0));
            }
            else
            {
                var value = NamedExpression();
                if (Is("for") || Is("async"))
                    value = Clauses(ComprehensionKind.Generator, null, value, value.Line);
                arguments.Add(new Argument(null, value, 0));
            }

            if (!Take(","))
                break;
        }

        Expect(")");
        depth--;
        return arguments;
    }

    private Expression SubscriptIndex()
    {
        Enter();
        var line = Line;
        var first = SliceOrExpression();
        if (Is(","))
        {
            var items = new List<Expression> { first };
            while (Take(",") && !Is("]"))
                items.Add(SliceOrExpression());
            first = new TupleDisplay(items, line);
        }

        Expect("]");
        depth--;
        return first;
    }

    private Expression SliceOrExpression()
    {
        var line = Line;
        var lower = Is(":") ? null : StarOrExpression();
        if (lower is not null && !Is(":"))
            return lower;
        Expect(":");
        var upper = Is(":") || Is("]") || Is(",") ? null : Expression();
        var step = Take(":") && !Is("]") && !Is(",") ? Expression() : null;
        return new Slice(lower, upper, step, line);
    }
}
