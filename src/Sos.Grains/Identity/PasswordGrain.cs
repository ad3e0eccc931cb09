using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Identity;

/// <summary>A password.</summary>
[GenerateSerializer, Alias("sos.identity.password-state")]
public sealed class PasswordState
{
    /// <summary>Memory-hard hash (PHC string format); null: there is no password.</summary>
    [Id(0)] public string? Hash { get; set; }

    /// <summary>Wrong ones in a row.</summary>
    [Id(1)] public int Failures { get; set; }
}

[GrainType("sos.password")]
internal sealed class PasswordGrain([PersistentState("password", StorageNames.Records)] IPersistentState<PasswordState> record) : Grain, IPasswordGrain
{
    /// <summary>Wrong ones in a row after which it takes a new password, set after another proof (NIST SP 800-63B).</summary>
    private const int MostFailures = 100;

    async Task<string?> IPasswordGrain.Begin()
    {
        if (record.State.Hash is not { } hash || record.State.Failures >= MostFailures) return Missing<string?>(null);
        record.State.Failures++;
        await Write();
        return hash;
    }

    async Task IPasswordGrain.Succeed()
    {
        if (record.State.Failures == 0) return;
        record.State.Failures = 0;
        await Write();
    }

    async Task IPasswordGrain.Set(string hash)
    {
        (record.State.Hash, record.State.Failures) = (hash, 0);
        await Write();
    }

    async Task IPasswordGrain.Erase()
    {
        if (record.RecordExists) await this.ClearOrLeave(record);
        DeactivateOnIdle();
    }

    Task<bool> IPasswordGrain.IsSet() => Task.FromResult(Missing(record.State.Hash is not null));

    /// <summary>A guessed user costs no memory.</summary>
    private T Missing<T>(T answer)
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return answer;
    }

    private Task Write() => this.WriteOrLeave(record);
}
