namespace Runback.Runbook.Migrations;

/// <summary>A file asks for more than reading one may cost: what it does is not known.</summary>
/// <param name="why">Of what there is too much.</param>
internal sealed class TooMuchException(string why) : Exception(why);
