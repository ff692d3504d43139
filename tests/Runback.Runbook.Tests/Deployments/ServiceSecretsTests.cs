using System.Security.Cryptography;
using System.Text;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Deployments;

/// <summary>What is hidden of what an application is given: all but short and public values, by the value and not by a list of names.</summary>
public sealed class ServiceSecretsTests
{
    [Theory]
    [InlineData("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/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", "a8Xk2PqLm9ZtVwRs1nYd4GhJ")]
    [InlineData("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/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", "/services/T024BE7LD/B05Q1AB3F/")]
    [InlineData("LICENSE", "AB12-CD34-EF56-7890", "AB12-CD34-EF56-7890")]
    [InlineData("LICENSE", "correct-horse-battery-staple", "correct-horse-battery-staple")]
    [InlineData("CONN", "host=db port=5432 user=app password=hunter2pw dbname=shop", "hunter2pw")]
    [InlineData("CONN", "Server=db;User Id=app;Password='hun ter;2';", "hun ter;2")]
    [InlineData("BROKER", "amqp://app:p@ss@word@broker:5672/x", "p@ss@word")]
    [InlineData("BROKER", "amqp://app:p%40ssword@broker:5672/x", "p@ssword")]
    [InlineData("BROKER", "redis://:s3cr3t/with/slash@cache:6379/0", "s3cr3t/with/slash")]
    [InlineData("REPORTING", "https://0123456789abcdef0123456789abcdef@o1.ingest.example.io/42", "0123456789abcdef0123456789abcdef")]
    [InlineData("CALLBACK", "https://example.com/hook?sig=Zm9vYmFyYmF6cXV4", "Zm9vYmFyYmF6cXV4")]
    [InlineData("ACCOUNT", "{\"type\": \"service\", \"private_id\": \"9f8e7d6c5b4a39281706\"}", "9f8e7d6c5b4a39281706")]
    [InlineData("SETTINGS", "a=1\nb=qX7-zP3-mK9-tR5\n", "qX7-zP3-mK9-tR5")]
    [InlineData("INSTANCE", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "6f9619ff-8b86-d011-b42d-00c04fc964ff")]
    [InlineData("CARD", "4929123456789012", "4929123456789012")]
    [InlineData("SEED", "xkqjzvbnmwtr", "xkqjzvbnmwtr")]
    [InlineData("ADMIN_PASSWORD", "abcdef", "abcdef")]
    [InlineData("SHADOW", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub")]
    public void Whatever_could_be_a_secret_is_hidden_whatever_its_name(string name, string value, string secret)
    {
        var secrets = new Secrets();
        secrets.Add(ServiceSecrets.Of(name, value));
        Assert.DoesNotContain(secret, secrets.Mask($"it said: {secret}."), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, secrets.Mask($"it said: {name}={value}."), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ENVIRONMENT", "production")]
    [InlineData("LOG_LEVEL", "INFO")]
    [InlineData("LOG_FORMAT", "structured")]
    [InlineData("DEBUG", "false")]
    [InlineData("PORT", "8000")]
    [InlineData("TIMEOUT", "30s")]
    [InlineData("MEMORY", "512m")]
    [InlineData("HOSTS", "10.0.0.1:8000,10.0.0.2:8000")]
    [InlineData("NETWORK", "192.168.178.0/24")]
    [InlineData("PGDATA", "/var/lib/postgresql/data")]
    [InlineData("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")]
    [InlineData("APP", "app.main:app")]
    [InlineData("DJANGO_SETTINGS_MODULE", "shop.settings.production")]
    [InlineData("LANG", "en_US.UTF-8")]
    [InlineData("TZ", "Europe/Berlin")]
    [InlineData("PYTHON_VERSION", "3.13.1")]
    [InlineData("SINCE", "2025-12-15T08:30:00Z")]
    [InlineData("ISOLATION", "ReadCommitted")]
    [InlineData("DATABASE", "postgresql+psycopg://app@db:5432/cleaning")]
    [InlineData("CORS_ORIGINS", "[\"https://www.example.com\", \"https://example.com\"]")]
    [InlineData("JOB_HEARTBEAT_TTL_SECONDS", "15")]
    [InlineData("ALLOWED_HOSTS", "*")]
    [InlineData("TOKENS", "true")]
    [InlineData("APP_IMAGE", "registry.example.com:5000/cleaning/app:2025-12-15-rc1")]
    [InlineData("IMAGE_TAG", "main-3f2a9c1d7e@sha256:0573b423f1380637972075d0a23f5f0e32e735b935f9221ed0dd2db5e8f78cf4")]
    public void What_is_short_or_public_is_not(string name, string value) => Assert.Empty(ServiceSecrets.Of(name, value));

    [Fact]
    public void Of_an_address_with_a_password_the_rest_is_readable()
    {
        var secrets = new Secrets();
        secrets.Add(ServiceSecrets.Of("DATABASE_URL", "postgresql+psycopg://postgres:0123456789abcdef@db:5432/cleaning"));
        Assert.Equal("could not connect to postgresql://postgres:***@db:5432/cleaning", secrets.Mask("could not connect to postgresql://postgres:0123456789abcdef@db:5432/cleaning"));
    }

    [Fact]
    public void Nothing_that_is_drawn_at_random_is_public()
    {
        var random = new Random(7);
        var shown = 0;
        for (var i = 0; i < 3000; i++)
        {
            var bytes = new byte[random.Next(9, 40)];
            random.NextBytes(bytes);
            var value = (i % 3) switch { 0 => Convert.ToBase64String(bytes), 1 => Convert.ToHexStringLower(bytes), _ => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_').TrimEnd('=') };
            shown += PublicValue.Is(value) ? 1 : 0;
        }
        Assert.Equal(0, shown);
    }

    [Fact]
    public void What_the_deployment_is_called_stays_readable()
    {
        var names = new ApplicationNames(Observed.Deployment("/srv/cleaning-42ab17cd"), ComposeProject.Parse(
            """{"name": "shop-9f3a1b2c", "services": {"api-7c1d9e": {"image": "registry/app:main-3f2a9c1d7e"}}}"""));
        Assert.All(["cleaning-42ab17cd", "shop-9f3a1b2c", "main-3f2a9c1d7e", "api-7c1d9e"], name => Assert.True(names.Have(name), name));
        Assert.False(names.Have("9f3a1b2c-other"));
    }

    [Fact]
    public void Secrets_of_the_project_are_read_from_files_variables_and_the_file_itself()
    {
        var folder = Directory.CreateTempSubdirectory("runback-secrets-");
        try
        {
            var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
            var file = Path.Combine(folder.FullName, "key");
            File.WriteAllText(file, key + "\n", Encoding.UTF8);
            var project = ComposeProject.Parse($$$"""
                {"name": "shop", "services": {}, "secrets": {
                  "key": {"name": "shop_key", "file": {{{System.Text.Json.JsonSerializer.Serialize(file)}}} },
                  "of_a_variable": {"environment": "RUNBACK_TEST_SECRET"},
                  "written": {"content": "pa$$word"},
                  "gone": {"file": "/nowhere/at/all"}, "folder": {"file": {{{System.Text.Json.JsonSerializer.Serialize(folder.FullName)}}} }, "external": {"external": true, "name": "x"} } }
                """);
            var read = SecretSource.Read(project.Secrets, new Dictionary<string, string> { ["RUNBACK_TEST_SECRET"] = "from the env file" });
            Assert.Equal([key, "from the env file", "pa$word"], read.Select(text => text.TrimStart('\ufeff')));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
