using Runback.Runbook.Databases;

namespace Runback.Runbook.Tests.Databases;

public sealed class PostgresComplaintTests
{
    [Theory]
    [InlineData("Error response from daemon: container 3f is not running", "start the database's container")]
    [InlineData("the container shop-db-1 is not running: paused; it said nothing", "docker compose unpause db")]
    [InlineData("Error response from daemon: Container 3f is paused, unpause the container before exec", "docker compose unpause db")]
    [InlineData("Error response from daemon: No such container: db", "--database-service")]
    [InlineData("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", "start Docker")]
    [InlineData("psql: error: connection to server on socket \"/s\" failed: FATAL:  the database system is starting up", "wait until")]
    [InlineData("psql: error: connection to server on socket \"/s\" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?", "no server listens")]
    [InlineData("psql: error: connection to server failed: FATAL:  password authentication failed for user \"app\"", "--database-password")]
    [InlineData("psql: error: connection to server failed: fe_sendauth: no password supplied", "--database-password")]
    [InlineData("psql: error: connection to server failed: FATAL:  role \"x\" does not exist", "--database-user")]
    [InlineData("psql: error: connection to server failed: FATAL:  database \"x\" does not exist", "--database")]
    [InlineData("psql: error: connection to server failed: FATAL:  sorry, too many clients already", "max_connections")]
    [InlineData("psql:<stdin>:2: ERROR:  25006: cannot execute INSERT in a read-only transaction", "takes no writes")]
    [InlineData("pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout", "pg_locks")]
    [InlineData("pg_dump: error: query failed: ERROR:  query would be affected by row-level security policy for table \"a\"", "bypasses row level security")]
    public void Each_complaint_leads_to_what_to_do(string complaint, string hint)
    {
        var error = PostgresComplaint.Explain("an answer", complaint, 2);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.StartsWith("expected an answer, found: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_code_is_kept_and_the_place_in_psqls_input_is_not()
    {
        var error = PostgresComplaint.Explain("rows", "psql:<stdin>:2: ERROR:  42P01: relation \"x\" does not exist\nLINE 1: SELECT\nLOCATION:  parserOpenTable, parse_relation.c:1459\n", 3);
        Assert.Equal("42P01", error.SqlState);
        Assert.Equal("expected rows, found: ERROR:  42P01: relation \"x\" does not exist; LINE 1: SELECT", error.Message);
    }

    [Fact]
    public void Silence_is_told_with_the_exit_code() =>
        Assert.Equal("expected rows, found: an end with exit code 137 and not a word", PostgresComplaint.Explain("rows", "", 137).Message);
}
