using System.Diagnostics.Metrics;

namespace Sos.Embedded.Runtime;

/// <summary>The meter <c>Sos.Embedded</c>.</summary>
internal sealed class RuntimeMetrics
{
    private readonly Counter<long> _calls;
    private readonly Counter<long> _timeouts;

    public RuntimeMetrics(IMeterFactory? factory, Func<int> activations)
    {
        const string Name = "Sos.Embedded";
        var meter = factory?.Create(Name) ?? new Meter(Name);
        meter.CreateObservableGauge("sos.embedded.activations", activations, "{activation}", "Activations in memory.");
        _calls = meter.CreateCounter<long>("sos.embedded.calls", "{call}", "Calls sent to grains and observers.");
        _timeouts = meter.CreateCounter<long>("sos.embedded.timeouts", "{call}", "Calls that were not answered in time.");
    }

    public void CallSent()
    {
        if (_calls.Enabled) _calls.Add(1);
    }

    public void CallTimedOut() => _timeouts.Add(1);
}
