using Runback.Runbook.Processes;

namespace Runback.Runbook.Tests.Processes;

public sealed class CommandResultTests
{
    [Theory]
    [InlineData("Traceback (most recent call last):\n  File \"x.py\", line 1, in f\nsqlalchemy.exc.ProgrammingError: (psycopg.errors.UndefinedColumn) column \"x\" does not exist\nLINE 1: ALTER TABLE t\n        ^\n[SQL: ALTER TABLE t\n  DROP x]\n(Background on this error at: https://sqlalche.me/e/20/f405)\n",
        "sqlalchemy.exc.ProgrammingError: (psycopg.errors.UndefinedColumn) column \"x\" does not exist; LINE 1: ALTER TABLE t; [SQL: ALTER TABLE t; DROP x]")]
    [InlineData("ERROR:  deadlock detected\nDETAIL:  Process 1 waits\nHINT:  See server log\nCONTEXT:  x\nSTATEMENT:  y\n", "ERROR:  deadlock detected; DETAIL:  Process 1 waits; HINT:  See server log; CONTEXT:  x")]
    [InlineData("KeyError: 'first'\nDuring handling of the above exception, another exception occurred:\nValueError: the last\n", "ValueError: the last")]
    [InlineData("Error response from daemon: No such container: x\n", "Error response from daemon: No such container: x")]
    [InlineData("one\ntwo\nthree\nfour\n", "two; three; four")]
    [InlineData("ERROR: long ago\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n", "11; 12; 13")]
    [InlineData("", "said on standard output")]
    public void The_line_that_names_the_error_is_told_and_not_only_what_follows_it(string error, string complaint) =>
        Assert.Equal(complaint, new CommandResult(1, "said on standard output\n", error, TimeSpan.Zero).Complaint);
}
