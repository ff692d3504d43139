using System.Text.Json.Nodes;
using Runback.Runbook.Profiles;

namespace Runback.Runbook.Tests.Profiles;

/// <summary>What an application that runs tells of itself.</summary>
public sealed class AnsweringTests
{
    private const string Description = """
        {
          "openapi": "3.1.0",
          "paths": {
            "/items": {"get": {"parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
              "responses": {"200": {"content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}}}}}},
            "/about": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/About"}}}}}}},
            "/mine": {"get": {"security": [{"Bearer": []}], "responses": {"200": {"content": {"application/json": {"schema": {}}}}}}},
            "/search": {"get": {"parameters": [{"name": "q", "in": "query", "required": true}], "responses": {"200": {"content": {"application/json": {"schema": {}}}}}}},
            "/items/{id}": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {}}}}}}},
            "/items/export": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {}}}}}}},
            "/authors": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": "array"}}}}}}},
            "/page": {"get": {"responses": {"200": {"content": {"text/html": {"schema": {}}}}}}},
            "/healthz": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {}}}}}}},
            "/orders": {"post": {"responses": {"201": {}}}}
          },
          "components": {"schemas": {"About": {"type": "object", "required": ["version"]}, "Item": {"type": "object", "required": ["id"]}}}
        }
        """;

    [Fact]
    public void Only_what_anybody_may_ask_without_harm_is_a_smoke_request()
    {
        var api = ApiDescription.Parse(Description, "/openapi.json")!;

        Assert.Equal(["GET /about 200 $.version", "GET /items?limit=1 200", "GET /authors 200"], api.Requests.Select(request => request.Line));
        Assert.Contains("/healthz", api.Paths);
        Assert.DoesNotContain("/items/{id}", api.Paths);
        Assert.All(api.Requests, request => Assert.Equal(request.Line, Runback.Runbook.Verification.SmokeRequest.Parse(request.Line).Text));
    }

    [Fact]
    public void A_prefix_of_the_server_counts_and_a_login_for_all_closes_all()
    {
        var root = JsonNode.Parse(Description)!;
        root["servers"] = new JsonArray(new JsonObject { ["url"] = "/api/v2" });
        Assert.Contains("GET /api/v2/about 200 $.version", ApiDescription.Parse(root.ToJsonString(), "x")!.Requests.Select(request => request.Line));
        root["security"] = new JsonArray(new JsonObject { ["Bearer"] = new JsonArray() });
        Assert.Empty(ApiDescription.Parse(root.ToJsonString(), "x")!.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{\"openapi\": \"3.0.0\"}")]
    [InlineData("{\"openapi\": \"3.0.0\", \"paths\": {\"/a\": {\"get\": 7}}}")]
    [InlineData("{\"openapi\": \"3.0.0\", \"paths\": {\"/a\": {\"get\": {\"responses\": {\"200\": {\"$ref\": \"#/x\"}}, \"parameters\": [{\"$ref\": \"#/a/b\"}]}}}}")]
    public void What_is_no_description_is_none(string text) => Assert.Empty(ApiDescription.Parse(text, "x")?.Requests ?? []);

    [Fact]
    public void What_answered_is_observed_and_what_didnt_is_left_out()
    {
        var survey = Sample.Survey("no-workers") with
        {
            Answering = new Uri("http://127.0.0.1:9000"),
            Api = ApiDescription.Parse(Description, "/openapi.json"),
            Answers = new Dictionary<string, SurveyedAnswer>
            {
                ["/healthz"] = new(200, false), ["/readyz"] = new(503, true), ["/about"] = new(200, false), ["/items?limit=1"] = new(500, false), ["/authors"] = new(200, false),
            },
        };
        var proposal = ProfileRules.Propose(survey);

        Assert.Equal(("/healthz", ProposalSource.Observed), ($"{proposal["HealthPath"]!.Value}", proposal["HealthPath"]!.Source));
        Assert.Equal(("/readyz", ProposalSource.Observed), ($"{proposal["ReadyPath"]!.Value}", proposal["ReadyPath"]!.Source));
        Assert.Equal(ProposalSource.Observed, proposal["BaseUrl"]!.Source);
        Assert.Equal(["GET /about 200 $.version", "GET /authors 200"], proposal["SmokeRequests"]!.Value.AsArray().Select(one => $"{one}"));
    }
}
