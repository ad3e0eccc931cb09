using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;
using Sos.Server.Alerts;
using Sos.Server.Audit;
using Sos.Server.Identity;

namespace Sos.Server.Realtime;

/// <summary>
/// Puts into the audit that staff has connected and hears of every change of her boards. An operator helps by them: where that cannot be
/// recorded she is connected all the same, and told no position.
/// </summary>
internal sealed class BoardLooks(AuditTrail audit, IGrainFactory grains)
{
    private const string Resuming = "the connection was lost";

    /// <summary>Whether positions may be told to somebody who connects.</summary>
    public async Task<bool> MaySeePlaces(CurrentUser user) =>
        !user.IsStaff || await audit.TryRecord(user, AuditAct.FollowedBoard, "board", StaffReason.AtTheBoard, string.Join(' ', user.SeenAreas));

    /// <summary>Whether somebody who comes back may have the events of an alert that she missed.</summary>
    public async Task<bool> MayResume(CurrentUser user, Guid alert)
    {
        if (!user.IsStaff) return true;
        var view = await grains.GetGrain<IAlertGrain>(alert).View(AlertCaller.ReaderOf(user));
        return view?.Standing != AlertStanding.Staff || await audit.TryRecord(user, AuditAct.ViewedAlert, $"alert/{alert}", Resuming);
    }
}
