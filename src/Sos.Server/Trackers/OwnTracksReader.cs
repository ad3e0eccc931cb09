using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Server.Trackers;

/// <summary>
/// Reads OwnTracks' JSON (booklet, tech/json): positions and the comings and goings that the phone's own geofences report. Speeds are in km/h. Of the other kinds
/// none is about where somebody is now. There is no convention for SOS (owntracks/talk#175); here it is the tag <c>sos</c>, or a point of interest named so.
/// </summary>
internal static class OwnTracksReader
{
    private const double MostPercent = 100;

    /// <summary>Reads a message; an empty body is one that says nothing.</summary>
    public static TrackerMessage Read(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty) return TrackerMessage.Nothing;
        var fields = new DeviceFields();
        var unreadable = JsonFields.Read(body, fields);
        var type = fields.Text("_type");
        var calls = fields.CallsForHelp("tag") || fields.CallsForHelp("poi");
        if (!calls && type is not ("location" or "transition")) return TrackerMessage.Nothing with { Unreadable = unreadable };

        var point = DeviceFields.Point(fields.Number("lat"), fields.Number("lon"), out var problem);
        var said = DeviceTime.Read(fields.Text("tst"));
        var accuracy = fields.Known(TrackerMessage.WorstAccuracy, "acc") is { } metres ? Distance.FromMetres(metres) : (Distance?)null;
        var speed = fields.Known(double.MaxValue, "vel") is { } kilometres ? Speed.FromKilometresPerHour(kilometres) : (Speed?)null;
        var entered = type == "transition" && fields.Text("event") == "enter" ? fields.Known(long.MaxValue, "wtst") : null;
        var report = new PositionReport(point, accuracy, said ?? now, EnteredMark: (long?)entered);
        return new TrackerMessage(calls, said, [report], TrackerMessage.Possible(speed), fields.Known(MostPercent, "batt"), problem, unreadable);
    }
}
