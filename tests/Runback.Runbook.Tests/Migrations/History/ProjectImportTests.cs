using System.Formats.Tar;
using System.Text;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Assessment;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Tests.Migrations.History;

/// <summary>What a migration imports from the project's own tree is followed like what stands in it.</summary>
public sealed class ProjectImportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("runback-imports-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Write(string path, string text)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private void Migration(string imports, string upgrade) =>
        Write("app/migrations/versions/a.py", $"from alembic import op\nimport sqlalchemy as sa\n{imports}\nrevision = 'a'\ndown_revision = None\n\ndef upgrade():\n{Indented(upgrade)}\n");

    private static string Indented(string body) => string.Join('\n', body.Split('\n').Select(line => "    " + line));

    private MigrationScript Read()
    {
        Write("alembic.ini", "[alembic]\nscript_location = app/migrations\nprepend_sys_path = .\n");
        return RevisionGraph.Read(MigrationFolders.Read([folder])).OldestFirst.Single();
    }

    private const string Helpers = "from alembic import op\nimport sqlalchemy as sa\n\nNAMES = ['x', 'y']\n\ndef drop(table, *names):\n    for name in names:\n        op.drop_column(table, name)\n\ndef run(sql):\n    op.execute(sql)\n";

    [Theory]
    [InlineData("from app.migrations.helpers import drop", "drop('t', 'x', 'y')")]
    [InlineData("from app.migrations import helpers", "helpers.drop('t', 'x', 'y')")]
    [InlineData("import app.migrations.helpers as h", "h.drop('t', *h.NAMES)")]
    [InlineData("import app.migrations.helpers", "app.migrations.helpers.drop('t', 'x', 'y')")]
    [InlineData("from app.migrations.helpers import *", "drop('t', *NAMES)")]
    [InlineData("from ..helpers import drop as d", "d('t', 'x', 'y')")]
    [InlineData("from .. import helpers", "helpers.drop('t', 'x', 'y')")]
    [InlineData("", "from app.migrations.helpers import drop, NAMES\ndrop('t', *NAMES)")]
    [InlineData("from app.migrations.again import drop", "drop('t', 'x', 'y')")]
    public void A_helper_of_the_project_is_followed(string imports, string upgrade)
    {
        Write("app/__init__.py", "");
        Write("app/migrations/__init__.py", "");
        Write("app/migrations/env.py", "");
        Write("app/migrations/helpers.py", Helpers);
        Write("app/migrations/again.py", "from app.migrations.helpers import drop\n");
        Migration(imports, upgrade);
        var script = Read();
        Assert.Equal(["x", "y"], script.Upgrade.Cast<ColumnDropped>().Select(dropped => dropped.Column));
        // At the line of the migration that calls it.
        Assert.All(script.Upgrade, change => Assert.True(change.At.File.EndsWith("a.py", StringComparison.Ordinal) && change.At.Line > 6, $"{change.At}"));
    }

    [Fact]
    public void A_helper_beside_the_migration_is_followed()
    {
        Write("app/migrations/versions/tools/more.py", Helpers);
        Migration("from tools.more import run", "run('DROP TABLE t')");
        Assert.IsType<ObjectDropped>(Assert.Single(Read().Upgrade));
    }

    [Fact]
    public void A_model_of_the_project_is_known_by_its_table()
    {
        Write("app/db.py", "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\n");
        Write("app/models/__init__.py", "from .user import User\n");
        Write("app/models/user.py", "import sqlalchemy as sa\nfrom app.db import Base\nclass User(Base):\n    __tablename__ = 'users'\n    extra = sa.Column(sa.JSON)\n");
        Migration("from app.models import User\nfrom sqlalchemy.orm import Session", "for user in Session(bind=op.get_bind()).query(User):\n    del user.extra['k']");
        Assert.Equal("users", Assert.IsType<RowsUpdated>(Assert.Single(Read().Upgrade)).Table!.Name);
    }

    [Theory]
    [InlineData("import os\nFLAG = os.environ.get('X') == '1'\n")]
    [InlineData("from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    flag: bool = False\nFLAG = S().flag\n")]
    [InlineData("FLAG = False\nfrom local import *\n")]
    [InlineData("import json\nFLAG = json.load(open('x'))['flag']\n")]
    public void A_setting_that_may_be_otherwise_is_not_taken_for_known(string settings)
    {
        Write("app/settings.py", settings);
        Migration("from app.settings import FLAG", "if FLAG:\n    op.drop_table('t')");
        Assert.IsType<ObjectDropped>(Assert.Single(Read().Upgrade));
    }

    [Theory]
    [InlineData("def drop(t):\n    op.drop_table(t)\n", "drop('t')")]
    [InlineData("this is no Python", "drop('t')")]
    [InlineData("from elsewhere import wrapped\n@wrapped\ndef drop(t):\n    pass\n", "drop('t')")]
    [InlineData("x = [i for i in range(3000) for j in range(3000)]\ndef drop(t):\n    pass\n", "drop('t')")]
    [InlineData("x = []\nx.append(x)\ny = f'{x}'\ndef drop(t):\n    pass\n", "drop('t')")]
    [InlineData("from app.helpers import drop\n", "drop('t')")]
    public void What_cannot_be_followed_there_is_not_known(string helper, string upgrade)
    {
        Write("app/helpers.py", helper);
        Migration("from app.helpers import drop", upgrade);
        Assert.Contains(Read().Upgrade, change => change is Unknown);
    }

    [Fact]
    public void What_an_imported_module_does_when_it_is_loaded_is_done()
    {
        Write("app/helpers.py", "from alembic import op\nop.drop_table('t')\ndef nothing():\n    pass\n");
        Migration("from app.helpers import nothing", "nothing()");
        Assert.IsType<ObjectDropped>(Assert.Single(Read().Upgrade));
    }

    [Fact]
    public void A_module_that_may_be_either_of_two_is_not_known()
    {
        Write("app/tools.py", Helpers);
        Write("app/migrations/tools.py", Helpers);
        Migration("from tools import run", "run('SELECT 1')");
        Assert.IsType<Unknown>(Assert.Single(Read().Upgrade));
    }

    [Fact(Timeout = 240_000)]
    public Task A_tree_of_many_modules_costs_little() => Task.Run(
        () =>
        {
            for (var i = 0; i < 300; i++)
                Write($"app/m{i}.py", $"from app.m{i + 1} import f as g\nfrom app.m{(i * 7) % 300} import f as h\nx = g\ny = h\ndef f():\n    return g()\n");
            Write("app/m300.py", "def f():\n    return 1\n");
            Migration("from app.m0 import f", "f()");
            Assert.Contains(Read().Upgrade, change => change is Unknown);
        },
        TestContext.Current.CancellationToken);

    [Fact]
    public void A_helper_that_came_along_in_an_image_is_followed()
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            Add(tar, "migrations/helpers.py", Helpers);
            Add(tar, "migrations/__init__.py", "");
            Add(tar, "migrations/versions/a.py", "from app.migrations.helpers import drop\nrevision = 'a'\ndown_revision = None\n\ndef upgrade():\n    drop('t', 'x')\n");
        }

        archive.Position = 0;
        var graph = RevisionGraph.Read(MigrationArchive.Read(archive, "app:1:"));
        Assert.Equal("x", Assert.IsType<ColumnDropped>(Assert.Single(graph.OldestFirst.Single().Upgrade)).Column);
        Assert.Equal(Verdict.Breaking, OfflineAssessment.Judge(graph, null, null).Verdict);
    }

    private static void Add(TarWriter tar, string path, string text) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
}
