using System.Text;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Server.Http;

namespace Sos.Server.Trackers;

/// <summary>
/// Reads what speaks the OsmAnd protocol (traccar.org/osmand): a query or form (OsmAnd, older Traccar clients, devices behind servers), the JSON of Traccar Client
/// from 9.0.0, and the flat JSON of its variants. Query and form have speeds in knots and charge in percent, JSON m/s and a share of 1.
/// </summary>
internal static class OsmAndReader
{
    /// <summary>Metres of a position to one of its dilution of precision, for clients that send only that.</summary>
    private const double MetresADilution = 5;

    private const double MostPercent = 100;
    private static readonly string[] JsonAlarms = ["location.alarm", "location.extras.alarm", "extras.alarm", "alarm"];

    /// <summary>Reads a message. Whatever else is wrong with it, a call for help in it is seen.</summary>
    /// <param name="query">Of the address, with its question mark; may be all there is.</param>
    /// <param name="contentType">As the client said.</param>
    /// <param name="body">Form or JSON; may be empty.</param>
    /// <param name="now">The service's clock.</param>
    public static TrackerMessage Read(string? query, string? contentType, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var fields = new DeviceFields();
        fields.AddQuery(query);
        if (JsonFields.IsJson(body))
        {
            var unreadable = JsonFields.Read(body, fields);
            return FromJson(fields, now) with { Unreadable = unreadable };
        }

        fields.AddQuery(Encoding.UTF8.GetString(body));
        var message = FromForm(fields, now);
        if (message.CallsForHelp || fields.Text("lat", "lon", "location", "timestamp", "id", "deviceid") is not null) return message;
        var isForm = contentType is null || contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        return message with { Unreadable = isForm || body.IsEmpty ? ProblemResult.Invalid("Send lat and lon, or id for a sign of life.") : new ProblemResult(ProblemKind.UnsupportedMedia, "This route takes a query, a form or JSON.") };
    }

    private static TrackerMessage FromForm(DeviceFields fields, DateTimeOffset now)
    {
        var (latitude, longitude) = (fields.Number("lat"), fields.Number("lon"));
        if (latitude is null && longitude is null && fields.Text("location")?.Split(',') is { } pair)
        {
            var both = new DeviceFields();
            both.Add("lat", pair[0]);
            both.Add("lon", pair.Length == 2 ? pair[1] : "");
            (latitude, longitude) = (both.Number("lat") ?? double.NaN, both.Number("lon") ?? double.NaN);
        }

        var accuracy = fields.Known(TrackerMessage.WorstAccuracy, "accuracy") ?? MetresADilution * fields.Known(TrackerMessage.WorstAccuracy / MetresADilution, "hdop");
        var speed = fields.Known(double.MaxValue, "speed") is { } knots ? Speed.FromKnots(knots) : (Speed?)null;
        return Message(fields, now, fields.CallsForHelp("alarm"), fields.Text("timestamp"), latitude, longitude, accuracy, speed, fields.Known(MostPercent, "batt"));
    }

    private static TrackerMessage FromJson(DeviceFields fields, DateTimeOffset now)
    {
        var speed = fields.Known(double.MaxValue, "location.coords.speed", "location.speed") is { } metres ? new Speed(metres) : (Speed?)null;
        var level = fields.Known(1, "location.battery.level", "battery.level", "location.battery", "battery");
        return Message(
            fields, now, fields.CallsForHelp(JsonAlarms), fields.Text("location.timestamp", "timestamp"),
            fields.Number("location.coords.latitude", "location.latitude"), fields.Number("location.coords.longitude", "location.longitude"),
            fields.Known(TrackerMessage.WorstAccuracy, "location.coords.accuracy", "location.accuracy"), speed, MostPercent * level);
    }

    private static TrackerMessage Message(
        DeviceFields fields, DateTimeOffset now, bool calls, string? time, double? latitude, double? longitude, double? accuracy, Speed? speed, double? battery)
    {
        var point = DeviceFields.Point(latitude, longitude, out var problem);
        // What the device itself does not hold for valid is where it was before.
        if (fields.Flag("valid") == false) point = null;
        var said = DeviceTime.Read(time);
        var mock = (fields.Flag("location.mock") ?? fields.Flag("mock")) == true;
        var report = new PositionReport(point, accuracy is { } metres ? Distance.FromMetres(metres) : null, said ?? now, mock);
        return new TrackerMessage(calls, said, [report], TrackerMessage.Possible(speed), battery, problem);
    }
}
