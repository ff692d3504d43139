using System.Text;
using Runback.Runbook.Backups;

namespace Runback.Runbook.Tests.Backups;

public sealed class CopiedRowsTests
{
    // What pg_restore --data-only prints; \. within a value is written as \\. there.
    private const string Script =
        """"
        SET search_path = '';
        COPY public.plain (id, note) FROM stdin;
        1	COPY public.other (id) FROM stdin;
        2	\\.
        \.


        COPY "Side.ways"."a ""quoted"".name" (id) FROM stdin;
        \N

        \.x
        \.
        COPY public.columnless  FROM stdin;


        \.
        COPY public.nothing (id) FROM stdin;
        \.
        SELECT pg_catalog.setval('public.plain_id_seq', 2, true);

        """";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Each_row_is_counted_for_its_table_however_the_script_comes_in_pieces(int piece)
    {
        var rows = new CopiedRows();
        foreach (var bytes in Encoding.UTF8.GetBytes(Script.ReplaceLineEndings("\n")).Chunk(piece))
            rows.Write(bytes);
        Assert.Equal(
            [("public", "columnless", 2L), ("public", "nothing", 0L), ("public", "plain", 2L), ("Side.ways", "a \"quoted\".name", 3L)],
            rows.Counts.Select(table => (table.Key.Schema, table.Key.Table, table.Value)).OrderBy(table => table.Schema + table.Table, StringComparer.OrdinalIgnoreCase));
    }
}
