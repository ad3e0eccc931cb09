using Sos.Contracts.Zones.Cap;

namespace Sos.Server.Zones.Cap;

/// <summary>What came of a message.</summary>
/// <param name="Outcome"><c>taken</c>, <c>known</c> (it had come before), <c>superseded</c> (a later message had ended it) or <c>ignored</c>.</param>
/// <param name="Reason">Why it was ignored, like <c>exercise</c>; else left out.</param>
/// <param name="Id">The warning's id; left out when it was ignored.</param>
/// <param name="Zones">Its zones.</param>
/// <param name="Ends">Messages that it ends.</param>
/// <param name="Faults">What of it was not taken, or not as it stands.</param>
public sealed record WarningReceipt(string Outcome, string? Reason, Guid? Id, int Zones, int Ends, IReadOnlyList<CapFault> Faults);

/// <summary>A page of warnings.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">Cursor of the next page; left out after the last.</param>
public sealed record WarningPage(IReadOnlyList<WarningItem> Items, Guid? Next);

/// <summary>An official warning.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Identifier">The sender's name for it.</param>
/// <param name="Sent">When.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Origin">How it came: <c>upload</c>, or the name of a feed.</param>
/// <param name="Event">What it warns of.</param>
/// <param name="Headline">In a line; left out when it has none.</param>
/// <param name="SenderName">The sender as people know it.</param>
/// <param name="TakenAt">When it came.</param>
/// <param name="Expires">When the last of its zones ends.</param>
/// <param name="Ended">Why it counts no longer; left out while it has not been ended.</param>
/// <param name="Complete">False: the server ended while it was being taken; the same message again makes the rest.</param>
/// <param name="Zones">Ids of its zones.</param>
/// <param name="Faults">What of it was not taken.</param>
public sealed record WarningItem(
    Guid Id, string Sender, string Identifier, DateTimeOffset Sent, CapMessageType Type, string Origin, string Event, string? Headline, string? SenderName,
    DateTimeOffset TakenAt, DateTimeOffset? Expires, CapEndKind? Ended, bool Complete, IReadOnlyList<Guid> Zones, IReadOnlyList<CapFault> Faults)
{
    internal static WarningItem Of(CapAlertView view) => new(
        view.Id, view.Warning.Name.Sender, view.Warning.Name.Identifier, view.Warning.Name.Sent, view.Warning.Type, view.Warning.Origin, view.Warning.Event, view.Warning.Headline,
        view.Warning.SenderName, view.TakenAt, view.Warning.Expires, view.End?.Kind, view.IsComplete, view.Zones, view.Warning.Faults);
}

/// <summary>The feeds of the configuration.</summary>
/// <param name="Items">How each is.</param>
public sealed record WarningFeeds(IReadOnlyList<CapFeedHealth> Items);
