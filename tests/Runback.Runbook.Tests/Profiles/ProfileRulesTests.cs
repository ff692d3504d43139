using System.Text.Json.Nodes;
using Runback.Runbook.Profiles;

namespace Runback.Runbook.Tests.Profiles;

/// <summary>What is proposed for projects of many shapes, and what is left open because nothing tells.</summary>
public sealed class ProfileRulesTests
{
    [Theory]
    [InlineData("one-image", "api jobs", "jobs", "registry.example.com/shop/app", "SHOP_TAG")]
    [InlineData("no-workers", "web", "", "ghcr.io/acme/blog", "BLOG_VERSION")]
    [InlineData("celery", "web beat worker", "beat worker", "acme/crm", "CRM_TAG")]
    [InlineData("queues", "api mover nightly rq sender", "mover nightly rq sender", "acme/mail", "TAG")]
    [InlineData("bitnami", "app", "", "acme/app", "APP_TAG")]
    [InlineData("postgis-secrets", "app", "", "acme/maps", "MAPS_TAG")]
    [InlineData("pgvector-anchor", "api", "", "acme/rag", "RAG_TAG")]
    [InlineData("whole-image", "api", "", "acme/api", "IMAGE_TAG")]
    [InlineData("no-variable", "api mailer worker", "mailer worker", "acme/desk", "IMAGE_TAG")]
    [InlineData("mixed-tag", "api", "", "acme/api", "VERSION")]
    [InlineData("build-only", "api worker", "worker", null, "IMAGE_TAG")]
    [InlineData("traefik", "backend", "", "acme/backend", "TAG")]
    [InlineData("nginx", "api", "", "acme/ticket", "TICKET_TAG")]
    [InlineData("haproxy", "api", "", "acme/pay", "PAY_TAG")]
    [InlineData("profiles", "api", "", "acme/lab", "LAB_TAG")]
    [InlineData("extends", "api", "", "acme/ext", "IMAGE_TAG")]
    [InlineData("two-databases", "api", "", "acme/api", "TAG")]
    [InlineData("caddy-labels", "app", "", "acme/notes", "NOTES_TAG")]
    [InlineData("virtual-host", "site", "", "acme/site", "SITE_TAG")]
    public void The_application_its_image_and_the_variable_of_its_tag(string project, string services, string workers, string? image, string variable)
    {
        var proposal = Sample.Propose(project);

        Assert.Equal((services, workers), (Words(proposal, "Services"), Words(proposal, "Workers")));
        Assert.Equal((image, variable), (Text(proposal, "Image"), Text(proposal, "TagVariable")));
        Assert.Equal(image is null, proposal.Open.Any(open => open.Key == "Image" && open.IsNeeded));
        Assert.Null(proposal.Refusal);
    }

    [Theory]
    [InlineData("one-image", "db", "shop_live", "shop")]
    [InlineData("no-workers", "database", "blog", "postgres")]
    [InlineData("celery", "postgres", "crm", "crm")]
    [InlineData("queues", "db", "mail", "postgres")]
    [InlineData("bitnami", "postgresql", "app", "appuser")]
    [InlineData("postgis-secrets", "gis", "maps", null)]
    [InlineData("pgvector-anchor", "vectors", "rag", "rag")]
    [InlineData("whole-image", "db", "postgres", "postgres")]
    [InlineData("build-only", "db", "app", "postgres")]
    [InlineData("nginx", "db", "ticket", "ticket")]
    [InlineData("haproxy", "db", "pay", "pay")]
    [InlineData("two-databases", "main-db", "api", "postgres")]
    [InlineData("caddy-labels", "store", "notes", "postgres")]
    [InlineData("virtual-host", "db", "site", "site")]
    public void The_database_and_the_role_that_reads_it(string project, string service, string database, string? user)
    {
        var proposal = Sample.Propose(project);

        Assert.Equal((service, database, user), (Text(proposal, "DatabaseService"), Text(proposal, "Database"), Text(proposal, "DatabaseUser")));
        Assert.Equal(user is null, proposal.Open.Any(open => open.Key == "DatabaseUser"));
    }

    [Theory]
    [InlineData("no-workers", "http://127.0.0.1:9000", ProposalSource.Guessed)]
    [InlineData("celery", "http://127.0.0.1:8080", ProposalSource.Guessed)]
    [InlineData("traefik", "https://api.example.com", ProposalSource.Observed)]
    [InlineData("haproxy", "http://127.0.0.1:8088", ProposalSource.Guessed)]
    [InlineData("caddy-labels", "https://notes.example.org", ProposalSource.Observed)]
    [InlineData("virtual-host", "https://shop.example.net", ProposalSource.Observed)]
    public void Where_it_is_reached(string project, string url, ProposalSource source)
    {
        var proposal = Sample.Propose(project);

        Assert.Equal((url, source), (Text(proposal, "BaseUrl"), proposal["BaseUrl"]!.Source));
    }

    [Theory]
    [InlineData("one-image")]
    [InlineData("nginx")]
    public void A_proxy_for_https_whose_name_nothing_tells_is_asked_for(string project)
    {
        var proposal = Sample.Propose(project);

        Assert.Null(proposal["BaseUrl"]);
        Assert.True(Assert.Single(proposal.Open, open => open.Key == "BaseUrl").IsNeeded);
    }

    [Theory]
    [InlineData("nginx", "nginx", "server {\n    listen 443 ssl;\n    server_name _;\n}\nserver {\n    server_name tickets.example.com www.example.com;\n}", "https://tickets.example.com")]
    [InlineData("nginx", "nginx", "server {\n    listen 80;\n    server_name tickets.internal;\n}", "http://tickets.internal")]
    [InlineData("one-image", "proxy", "{\n    email ops@example.com\n}\n\n(common) {\n    encode gzip\n}\n\nshop.example.com, www.example.com {\n    reverse_proxy api:8000\n}\n", "https://shop.example.com")]
    [InlineData("one-image", "proxy", "http://shop.internal:80 {\n    reverse_proxy api:8000\n}\n", "http://shop.internal")]
    public void A_proxys_own_configuration_names_the_host(string project, string proxy, string text, string url)
    {
        var survey = Sample.Survey(project) with { ProxyFiles = new Dictionary<string, string> { [proxy] = text } };

        Assert.Equal(url, Text(ProfileRules.Propose(survey), "BaseUrl"));
    }

    [Theory]
    [InlineData("one-image", "/healthz", null)]
    [InlineData("traefik", "/api/v1/health/", "/ready")]
    [InlineData("haproxy", null, "/readyz")]
    public void Paths_that_health_checks_read(string project, string? health, string? ready)
    {
        var proposal = Sample.Propose(project);

        Assert.Equal((health, ready), (Text(proposal, "HealthPath"), Text(proposal, "ReadyPath")));
        Assert.Equal(health is null, proposal.Open.Any(open => open.Key == "HealthPath"));
        Assert.Equal(ready is null, Noted(proposal, "no path is known that tells readiness"));
    }

    [Fact]
    public void How_long_health_may_take_is_taken_from_the_check_and_the_port_from_Traefik()
    {
        Assert.Equal("150", Text(Sample.Propose("one-image"), "HealthTimeout"));
        Assert.Null(Sample.Propose("haproxy")["HealthTimeout"]);
        Assert.Equal(("8000", ProposalSource.Observed), (Text(Sample.Propose("traefik"), "ServicePort"), Sample.Propose("traefik")["ServicePort"]!.Source));
        Assert.Equal("8000", Text(Sample.Propose("haproxy"), "ServicePort"));
    }

    [Fact]
    public void Alembic_is_called_as_the_project_calls_it()
    {
        Assert.Equal("uv run alembic -c conf/alembic.ini", Words(Sample.Propose("nginx"), "AlembicCommand"));
        Assert.Null(Sample.Propose("haproxy")["AlembicCommand"]);
    }

    [Theory]
    [InlineData("sh -c alembic upgrade head", "alembic")]
    [InlineData("bash -lc cd /srv && PYTHONPATH=. poetry run alembic -n live upgrade heads && exec gunicorn app", "poetry run alembic -n live")]
    [InlineData("flask db upgrade", "flask db")]
    [InlineData("python -m app.main", null)]
    [InlineData("alembic downgrade -1", null)]
    [InlineData("sh -c $ALEMBIC alembic upgrade head", null)]
    public void A_call_is_read_from_a_command(string command, string? call) =>
        Assert.Equal(call, MigrationRules.Call(command.Split(' ')) is { } words ? string.Join(' ', words) : null);

    [Theory]
    [InlineData("whole-image", "whole-image.yml:4: `image: ${API_IMAGE:-acme/api:2.3.1}`", "image: acme/api:${IMAGE_TAG:-2.3.1}")]
    [InlineData("mixed-tag", "mixed-tag.yml:4: `image: acme/api:v${VERSION}-slim`", "image: acme/api:${VERSION}")]
    [InlineData("no-variable", "api and worker: the tag is written out, so that a rollback would do nothing: no-variable.yml:3: `image: acme/desk:4.2`", "image: acme/desk:${IMAGE_TAG:-4.2}")]
    [InlineData("no-variable", "no-variable.yml:14: `image: acme/desk`", "image: acme/desk:${IMAGE_TAG:-latest}")]
    [InlineData("build-only", "build-only.yml:4: `build: ./backend`", "image: REPOSITORY:${IMAGE_TAG}")]
    [InlineData("extends", "extends.yml:4: `image: acme/ext:1.9`", "image: acme/ext:${IMAGE_TAG:-1.9}")]
    [InlineData("traefik", "TAG chooses the image of frontend too, which is another repository: traefik.yml:22: `image: acme/frontend:${TAG:-latest}`", "image: acme/frontend:${FRONTEND_TAG:-latest}")]
    public void What_the_compose_file_must_say_is_told_with_its_line(string project, string found, string change) =>
        Assert.Contains(Sample.Propose(project).Notes, note => note.Text.Contains(found, StringComparison.Ordinal) && note.Hint.Contains(change, StringComparison.Ordinal));

    [Theory]
    [InlineData("one-image")]
    [InlineData("celery")]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public void Nothing_has_to_change_where_one_variable_is_the_tag_of_all(string project) =>
        Assert.DoesNotContain(Sample.Propose(project).Notes, note => note.Hint.Contains("image:", StringComparison.Ordinal));

    [Theory]
    [InlineData("traefik", "prestart runs the release's image once and ends")]
    [InlineData("nginx", "migrate runs the release's image once and ends")]
    [InlineData("haproxy", "api migrates the database when it starts")]
    [InlineData("profiles", "worker runs the release's image, but only with a profile of Compose's (workers)")]
    [InlineData("bitnami", "asks for a password on its local socket")]
    [InlineData("one-image", "Alembic's configuration was found neither in the image")]
    public void What_is_worth_knowing_is_said(string project, string found) => Assert.True(Noted(Sample.Propose(project), found));

    [Fact]
    public void A_database_elsewhere_is_refused_with_what_is_possible()
    {
        var refusal = Sample.Propose("external-database").Refusal!;

        Assert.Equal("the database is outside this project: DATABASE_URL leads to pg-1.rds.example.com", refusal.Text);
        Assert.Contains("./build.sh Assess --migrations", refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void An_application_that_cant_be_told_is_asked_for()
    {
        var proposal = Sample.Propose("no-application");

        Assert.Null(proposal["Services"]);
        Assert.Equal(["Services", "BaseUrl", "Image"], proposal.Open.Where(open => open.IsNeeded).Select(open => open.Key));
    }

    [Fact]
    public void What_is_given_wins_and_leads_on()
    {
        var proposal = Sample.Propose("two-databases", ("DatabaseService", "metrics-db"), ("TagVariable", "RELEASE"), ("BaseUrl", "https://api.example.com"));

        Assert.Equal(("metrics-db", ProposalSource.Given), (Text(proposal, "DatabaseService"), proposal["DatabaseService"]!.Source));
        Assert.Equal("https://api.example.com", Text(proposal, "BaseUrl"));
        Assert.Contains(proposal.Notes, note => note.Hint.Contains("image: acme/api:${RELEASE}", StringComparison.Ordinal));
        Assert.Equal("api worker", Words(Sample.Propose("build-only", ("Services", new JsonArray("api", "worker"))), "Services"));
    }

    [Fact]
    public void The_way_to_a_first_pin_is_told()
    {
        var survey = Sample.Survey("one-image") with { Assigned = [] };

        Assert.Contains(ProfileRules.Propose(survey).Notes, note => note.Text == "SHOP_TAG isn't in .env: a plain `docker compose up` takes `latest`" && note.Hint.EndsWith("SHOP_TAG=TAG", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_secret_gets_into_a_proposal(string project)
    {
        var survey = Sample.Survey(project);
        var text = string.Join('\n', ProposalText.Lines(ProfileRules.Propose(survey))) + ProposalText.Json(ProfileRules.Propose(survey), "f", [], false);
        var secrets = survey.Services.SelectMany(service => service.Compose.Environment).Where(variable => variable.Key.Contains("PASSWORD", StringComparison.Ordinal)).Select(variable => variable.Value);

        Assert.All(secrets, secret => Assert.True(secret.StartsWith("/run/", StringComparison.Ordinal) || secret.Length == 0 || !text.Contains(secret, StringComparison.Ordinal), secret));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_guess_says_why(string project) =>
        Assert.All(Sample.Propose(project).Values, value => Assert.NotEmpty(value.Why));

    public static TheoryData<string> Projects => [.. Sample.Names];

    private static bool Noted(ProfileProposal proposal, string text) => proposal.Notes.Any(note => note.Text.Contains(text, StringComparison.Ordinal));

    private static string? Text(ProfileProposal proposal, string key) => proposal[key]?.Value.ToString();

    private static string Words(ProfileProposal proposal, string key) => proposal[key]?.Value is JsonArray list ? string.Join(' ', list.Select(one => $"{one}")) : "?";
}
