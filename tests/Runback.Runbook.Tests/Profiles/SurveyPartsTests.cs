using Runback.Runbook.Profiles;

namespace Runback.Runbook.Tests.Profiles;

/// <summary>The parts that a survey is read with.</summary>
public sealed class SurveyPartsTests
{
    [Theory]
    [InlineData("shop/app:${TAG}", "shop/app", TagForm.Variable, "TAG", null)]
    [InlineData("shop/app:$TAG", "shop/app", TagForm.Variable, "TAG", null)]
    [InlineData("${REGISTRY:-localhost:5000}/shop/app:${TAG:-1.0}", "${REGISTRY:-localhost:5000}/shop/app", TagForm.Variable, "TAG", "1.0")]
    [InlineData("localhost:5000/app:${TAG:-${OTHER:-x}}", "localhost:5000/app", TagForm.Variable, "TAG", "${OTHER:-x}")]
    [InlineData("shop/app:${TAG?which release}", "shop/app", TagForm.Variable, "TAG", null)]
    [InlineData("shop/app:v${A}-${B}", "shop/app", TagForm.Mixed, "A B", null)]
    [InlineData("shop/app:1@${DIGEST}", "shop/app", TagForm.Mixed, "DIGEST", null)]
    [InlineData("${IMAGE:-shop/app:1}", "${IMAGE:-shop/app:1}", TagForm.Whole, "IMAGE", "shop/app:1")]
    [InlineData("localhost:5000/app", "localhost:5000/app", TagForm.None, "", null)]
    [InlineData("shop/app:1.2", "shop/app", TagForm.Fixed, "", null)]
    [InlineData("shop/app@sha256:00", "shop/app", TagForm.Fixed, "", null)]
    [InlineData("shop/app:$$x", "shop/app", TagForm.Fixed, "", null)]
    [InlineData("shop/app:${open", "shop/app", TagForm.Fixed, "", null)]
    [InlineData("", "", TagForm.None, "", null)]
    public void An_image_is_taken_apart(string text, string repository, TagForm form, string variables, string? usual)
    {
        var image = ImageTemplate.Parse(text);

        Assert.Equal((repository, form, variables, usual), (image.Repository, image.Form, string.Join(' ', image.Variables), image.Default));
    }

    [Theory]
    [InlineData("alembic.ini", "[alembic]\nscript_location = migrations\n", "migrations/versions")]
    [InlineData("alembic.ini", "[alembic]\nscript_location = %(here)s/db/alembic\n", "db/alembic/versions")]
    [InlineData("backend/alembic.ini", "[alembic]\nscript_location = app/alembic\n", "backend/app/alembic/versions")]
    [InlineData("backend/alembic.ini", "[alembic]\nscript_location = ../shared\n", "shared/versions")]
    [InlineData("alembic.ini", "[alembic]\nscript_location = app:migrations\n", "app/migrations/versions")]
    [InlineData("alembic.ini", "[alembic]\nscript_location = /srv/alembic\n", "/srv/alembic/versions")]
    [InlineData("alembic.ini", "[alembic]\nscript_location = a\nversion_locations = a/one a/two\n", "a/one")]
    [InlineData("migrations/alembic.ini", "[alembic]\n[loggers]\nkeys = root,flask_migrate\n", "migrations/versions")]
    [InlineData("pyproject.toml", "[tool.alembic]\nscript_location = \"db\"\n", "db/versions")]
    [InlineData("pyproject.toml", "[project]\nname = \"x\"\n", null)]
    [InlineData("alembic.ini", "[alembic]\nscript_location = %(nowhere)s\n", null)]
    public void Where_revisions_are_is_read_from_Alembics_configuration(string path, string text, string? folder) => Assert.Equal(folder, AlembicSearch.Versions(path, text));

    [Theory]
    [InlineData("compose.yaml docker-compose.yml", null, "compose.yaml")]
    [InlineData("docker-compose.yml docker-compose.override.yml docker-compose.prod.yml", null, "docker-compose.yml docker-compose.override.yml")]
    [InlineData("compose.yml compose.override.yaml", null, "compose.yml compose.override.yaml")]
    [InlineData("docker-compose.yml", "a.yml:b.yml", "a.yml b.yml")]
    [InlineData("README.md", null, "")]
    public void Compose_files_are_those_that_Compose_takes(string names, string? variable, string files) =>
        Assert.Equal(files, string.Join(' ', ComposeFileSearch.Used(names.Split(' '), variable, null)));

    [Fact]
    public void The_last_file_that_names_an_image_is_told()
    {
        (string, string)[] files = [("a.yml", "services:\n  api:\n    image: one\n"), ("b.yml", "services:\n  api:\n    ports: []\n"), ("c.yml", "services:\n  api:\n    image: two\n")];

        Assert.Equal(new SourceLine("c.yml", 3, "image: two"), ComposeLines.OfImage("api", files, _ => null));
        Assert.Equal(new SourceLine("a.yml", 3, "image: one"), ComposeLines.OfImage("api", files[..2], _ => null));
        Assert.Null(ComposeLines.OfImage("other", files, _ => null));
        Assert.Null(ComposeLines.OfImage("api", [("a.yml", "services: [\n")], _ => null));
    }

    [Fact]
    public void A_service_that_extends_another_files_is_told_there() =>
        Assert.Equal(new SourceLine("base.yml", 3, "image: one"), ComposeLines.OfImage("api",
            [("a.yml", "services:\n  api:\n    extends:\n      file: base.yml\n      service: web\n")], file => file == "base.yml" ? "services:\n  web:\n    image: one\n" : null));
}
