using System.Reflection;
using Microsoft.Extensions.Options;

namespace Sos.Embedded;

/// <summary>Options of the embedded runtime.</summary>
public sealed class EmbeddedRuntimeOptions
{
    /// <summary>How long a caller waits for an answer, unless the method says otherwise with <c>[ResponseTimeout]</c>. Default 30 s.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may be idle before it ends. Default 15 minutes.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for. An activation may live this much longer than its age. Default 1 minute.</summary>
    public TimeSpan CollectionInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long reading the state and <c>OnActivateAsync</c> may take together. Default 30 s.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <c>OnDeactivateAsync</c> may take. Default 30 s.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The assemblies to look for grain classes in. Where none is given, all that are loaded or referenced by loaded ones and themselves
    /// reference this assembly.
    /// </summary>
    public IList<Assembly> GrainAssemblies { get; } = [];
}

/// <summary>Refuses options that would stop calls, activations or collection altogether.</summary>
internal sealed class EmbeddedRuntimeOptionsValidator : IValidateOptions<EmbeddedRuntimeOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedRuntimeOptions options)
    {
        (string Name, TimeSpan Value)[] times =
        [
            (nameof(options.ResponseTimeout), options.ResponseTimeout),
            (nameof(options.CollectionAge), options.CollectionAge),
            (nameof(options.CollectionInterval), options.CollectionInterval),
            (nameof(options.ActivationTimeout), options.ActivationTimeout),
            (nameof(options.DeactivationTimeout), options.DeactivationTimeout),
        ];
        var wrong = times.Where(time => time.Value <= TimeSpan.Zero || time.Value > TimeSpan.FromDays(24)).ToArray();
        return wrong.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(time => $"{nameof(EmbeddedRuntimeOptions)}.{time.Name} is {time.Value}: it must be more than zero and at most 24 days."));
    }
}
