using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class RuleListTests
{
    [Fact]
    public void Every_rule_of_the_library_is_listed_once()
    {
        var rules = typeof(Rule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Rule)));
        Assert.Equal(rules.Select(type => type.Name).Order(), RuleList.All.Select(rule => rule.GetType().Name).Order());
    }

    [Fact]
    public void Ids_are_kebab_case_and_unique()
    {
        Assert.All(RuleList.All, rule => Assert.Matches("^[a-z]+(-[a-z]+)+$", rule.Id));
        Assert.Distinct(RuleList.All.Select(rule => rule.Id));
    }

    [Fact]
    public void Every_rule_has_a_page_and_is_found_by_its_id() =>
        Assert.All(RuleList.All, rule =>
        {
            Assert.Same(rule, RuleList.Find(rule.Id));
            Assert.All([rule.Page.Problem, rule.Page.Why, rule.Page.Remedy], text => Assert.EndsWith(".", text));
        });

    [Fact]
    public void Every_rule_has_tests_that_are_named_for_it()
    {
        var tests = typeof(RuleListTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        Assert.All(RuleList.All, rule => Assert.Contains($"{rule.GetType().Name}Tests", tests));
    }
}
