// None of them needs an engine.
[assembly: Tier(Tier.Quick)]
