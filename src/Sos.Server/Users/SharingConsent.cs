using Orleans;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Users;

/// <summary>What shares a position outside an emergency asks here first; nothing around an emergency does.</summary>
internal static class SharingConsent
{
    /// <summary>The refusal for somebody under age without a guardian's consent; null: go on.</summary>
    public static async Task<ProblemResult?> Missing(IGrainFactory grains, Guid user) =>
        await grains.GetGrain<IContactsGrain>(user).MayShareOutsideEmergencies() ? null : new ProblemResult(ProblemKind.GuardianNeeded);

    /// <summary>Ends what runs without consent: showing relatives where she is, duty, and every app that was let in. Texts about zones ask each time. Again: changes nothing.</summary>
    public static async Task EndIfMissing(IGrainFactory grains, SignIns signIns, Guid user)
    {
        await grains.GetGrain<IRelativesGrain>(user).Refresh();
        if (await Missing(grains, user) is null) return;
        await grains.GetGrain<IResponderGrain>(user).SetDuty(new DutyChange(false, null, null));
        await signIns.EndApps(user, null);
    }
}
