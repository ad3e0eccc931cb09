using System.Text.Json.Serialization;
using Sos.Grains.Alerts;
using Sos.Grains.Audit;
using Sos.Grains.Dispatch;
using Sos.Grains.Identity;
using Sos.Grains.Privacy;
using Sos.Grains.Relatives;
using Sos.Grains.Responders;
using Sos.Grains.Trackers;
using Sos.Grains.Users;
using Sos.Grains.Zones;
using Sos.Grains.Zones.Cap;

namespace Sos.Grains.State;

/// <summary>Every type that is stored as grain state, one line each, sorted by slice.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlertState))]
[JsonSerializable(typeof(AlertHistoryState))]
[JsonSerializable(typeof(AuditIndexState))]
[JsonSerializable(typeof(AuditSegmentState))]
[JsonSerializable(typeof(AppGrantsState))]
[JsonSerializable(typeof(AppState))]
[JsonSerializable(typeof(BootstrapState))]
[JsonSerializable(typeof(CodeWatchState))]
[JsonSerializable(typeof(PasswordState))]
[JsonSerializable(typeof(PhoneState))]
[JsonSerializable(typeof(RelativeHistoryState))]
[JsonSerializable(typeof(RelativesState))]
[JsonSerializable(typeof(TrailHourState))]
[JsonSerializable(typeof(TrailState))]
[JsonSerializable(typeof(InboxState))]
[JsonSerializable(typeof(ResponderState))]
[JsonSerializable(typeof(RosterState))]
[JsonSerializable(typeof(VettingIndexState))]
[JsonSerializable(typeof(VettingState))]
[JsonSerializable(typeof(SecondFactorState))]
[JsonSerializable(typeof(SessionIndexState))]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(BlocksState))]
[JsonSerializable(typeof(ContactsState))]
[JsonSerializable(typeof(SeparationsState))]
[JsonSerializable(typeof(UserState))]
[JsonSerializable(typeof(AlertIndexState))]
[JsonSerializable(typeof(AlertIndexSegmentState))]
[JsonSerializable(typeof(AreaIndexState))]
[JsonSerializable(typeof(TrackState))]
[JsonSerializable(typeof(CandidateSetState))]
[JsonSerializable(typeof(RetentionBucketState))]
[JsonSerializable(typeof(AccountDeletionState))]
[JsonSerializable(typeof(TrackersState))]
[JsonSerializable(typeof(ZoneState))]
[JsonSerializable(typeof(ZoneIndexState))]
[JsonSerializable(typeof(ZoneWatchState))]
[JsonSerializable(typeof(CapAlertState))]
[JsonSerializable(typeof(CapIndexState))]
[JsonSerializable(typeof(CapPublicationState))]
[JsonSerializable(typeof(CapFeedState))]
internal sealed partial class SosStateContext : JsonSerializerContext;
