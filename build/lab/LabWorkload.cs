using Runback.Runbook.Databases;
using Runback.Runbook.Drills;

namespace Runback.Lab;

/// <summary>What the sample application's users do: they look at bookings and customers, and book visits.</summary>
public static class LabWorkload
{
    private const int Bookings = 4_000;
    private const int Customers = 1_000;

    // A prime steps through all of them, and so also through those that the bad release fails on.
    private const int Step = 7_919;

    /// <summary>Two reads of a booking, one of a customer, and one new booking, in turn.</summary>
    /// <param name="drill">The drill's id; it marks the bookings that are made.</param>
    public static Workload For(string drill) => new(number => (number % 4) switch
    {
        0 => Book($"{drill} {number}", 1 + (number % Customers)),
        2 => new TrafficRequest($"/customers/{1 + (number % Customers)}"),
        _ => new TrafficRequest($"/bookings/{1 + (number * Step % Bookings)}"),
    })
    {
        StoredKeys = $"SELECT address AS key FROM bookings WHERE address LIKE {SqlText.Literal(drill + " %")}",
    };

    private static TrafficRequest Book(string key, int customer) => new(
        "/bookings", $$"""{"customer_id": {{customer}}, "scheduled_at": "2026-02-02T09:00:00Z", "duration_minutes": 90, "address": "{{key}}"}""", key);
}
