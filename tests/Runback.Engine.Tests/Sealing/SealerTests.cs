using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Runback.Engine.Sealing;

namespace Runback.Engine.Tests.Sealing;

public sealed class SealerTests
{
    // What is tried a thousand times is tried with few iterations; how many real values have is a test of its own.
    private const int Few = 3;
    private static readonly SealContext Here = new("production", "GithubToken");
    private static readonly byte[] Password = "correct horse battery"u8.ToArray();

    [Fact]
    public void What_was_sealed_is_opened_again() => Prop.ForAll<NonEmptyString, NonEmptyString, string>((text, password, profile) =>
    {
        var context = new SealContext(profile ?? "", "Any");
        var sealedText = Sealer.Seal(Bytes(text.Get), Bytes(password.Get), context, Few).ToString();
        var read = SealedText.Parse(sealedText, "here", Few);
        return Sealer.Open(read, Bytes(password.Get), context) is { } plain && plain.SequenceEqual(Bytes(text.Get)) && read.ToString() == sealedText;
    }).Check(Seeded.Config);

    [Fact]
    public void Another_password_opens_nothing() => Prop.ForAll<NonEmptyString, NonEmptyString>((right, wrong) =>
        Bytes(right.Get).SequenceEqual(Bytes(wrong.Get)) || Sealer.Open(Sealer.Seal("secret"u8, Bytes(right.Get), Here, Few), Bytes(wrong.Get), Here) is null)
        .Check(Seeded.Config);

    [Fact]
    public void A_changed_bit_anywhere_is_refused()
    {
        var whole = Sealer.Seal("a secret of some length"u8, Password, Here, Few).ToString();
        var bytes = Convert.FromBase64String(whole[SealedText.Prefix.Length..]);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Opens(SealedText.Prefix + Convert.ToBase64String(changed)), $"bit {bit} was changed");
        }
    }

    [Fact]
    public void Every_other_character_anywhere_is_refused()
    {
        // With 22 bytes the base64 ends in padding, behind bits that mean nothing.
        var whole = Sealer.Seal("a secret of some lengt"u8, Password, Here, Few).ToString();
        Assert.EndsWith("=", whole, StringComparison.Ordinal);
        Assert.True(Opens(whole));
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var other in "AZaz09+/=:v2 \n".Where(x => x != whole[at]))
                Assert.False(Opens(whole[..at] + other + whole[(at + 1)..]), $"character {at} became '{other}'");
        }
    }

    [Fact]
    public void A_cut_value_is_refused_wherever_it_was_cut()
    {
        var whole = Sealer.Seal("a secret of some length"u8, Password, Here, Few).ToString();
        for (var length = 0; length < whole.Length; length++)
            Assert.False(Opens(whole[..length]), $"cut to {length}");
        Assert.False(Opens(whole + "AAAA"));
    }

    [Theory]
    [InlineData("production", "SlackToken")]
    [InlineData("staging", "GithubToken")]
    [InlineData("", "GithubToken")]
    [InlineData("productionGithub", "Token")]
    public void A_value_moved_elsewhere_is_refused(string profile, string parameter)
    {
        var value = Sealer.Seal("secret"u8, Password, Here, Few);

        Assert.NotNull(Sealer.Open(value, Password, new SealContext("production", "github-token")));
        Assert.Null(Sealer.Open(value, Password, new SealContext(profile, parameter)));
    }

    [Fact]
    public void The_same_secret_never_looks_the_same()
    {
        var (one, other) = (Sealer.Seal("secret"u8, Password, Here, Few), Sealer.Seal("secret"u8, Password, Here, Few));

        Assert.NotEqual(one.Salt, other.Salt);
        Assert.NotEqual(one.Nonce, other.Nonce);
        Assert.NotEqual(one.Text, other.Text);
    }

    [Fact]
    public void A_key_takes_six_hundred_thousand_iterations_and_fewer_are_refused()
    {
        Assert.Equal(600_000, Sealer.Seal("secret"u8, Password, Here).Iterations);
        var weak = Sealer.Seal("secret"u8, Password, Here, 599_999).ToString();

        var refused = Assert.Throws<UsageException>(() => SealedText.Parse(weak, "here"));
        Assert.Contains("599999 iterations", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runback:v2:AAAA", "version")]
    [InlineData("runback:v1:", "bytes")]
    [InlineData("runback:v1:****", "base64")]
    public void A_broken_value_is_told_apart(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<UsageException>(() => SealedText.Parse(text, "here")).Message, StringComparison.Ordinal);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static bool Opens(string text)
    {
        try
        {
            return SealedText.IsOne(text) && Sealer.Open(SealedText.Parse(text, "here", Few), Password, Here) is not null;
        }
        catch (UsageException)
        {
            return false;
        }
    }
}
