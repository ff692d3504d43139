using Runback.Runbook.Switches;

// The runbook's section 4: a feature is turned off while the application stays online.
internal sealed partial class Build
{
    private const string ExportsSwitch = "exports";

    [Parameter("The switches there are: `exports: EXPORT_MODE=off|webhook in api,jobs; off GET /exports/bookings.csv 404`", Separator = "\n")]
    private readonly string[] Switches = [];

    [Parameter("The switch that SwitchOff and SwitchOn turn")]
    private readonly string? Switch;

    private Target DisableExports => _ => _
        .Description("Turns the switch `exports` off in every consumer while the application stays online, and proves it")
        .Executes(() => Turn(ExportsSwitch, SwitchPosition.Off));

    private Target EnableExports => _ => _
        .Description("Turns the switch `exports` on again, and proves it")
        .Executes(() => Turn(ExportsSwitch, SwitchPosition.On));

    private Target SwitchOff => _ => _
        .Description("Turns any switch of the profile off: --switch NAME")
        .Requires(() => Switch)
        .Executes(() => Turn(Switch!, SwitchPosition.Off));

    private Target SwitchOn => _ => _
        .Description("Turns any switch of the profile on: --switch NAME")
        .Requires(() => Switch)
        .Executes(() => Turn(Switch!, SwitchPosition.On));

    private void Turn(string name, SwitchPosition position) => Wait(cancellation =>
    {
        var declaration = SwitchDeclaration.Find(Switches, name, Deployment);
        return Operation.StepAsync(position == SwitchPosition.Off ? "SwitchOff" : "SwitchOn", token => Operation.SwitchAsync(declaration, position, token), cancellation);
    });
}
