using System.Globalization;
using System.Text;
using System.Text.Json;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;

namespace Sos.Server.Alerts;

/// <summary>
/// Reads the body of <c>POST /alerts</c>. Where the rest of the API is strict, this takes what it can: a person in danger must not pay
/// for a defect of her phone's software. It never throws, whatever the bytes are.
/// </summary>
internal ref struct PressReader
{
    // As deep as any body of 256 KB can be: what is nested is skipped, not a reason to stop.
    private static readonly JsonReaderOptions Lenient =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = PressBody.MaxBytes };

    private readonly DateTimeOffset _now;
    private Utf8JsonReader _json;
    private PressWarnings _warnings;
    private Seen _seen;
    private Guid? _id;
    private AlertKind _kind;
    private GeoPoint? _point;
    private double? _accuracy;
    private DateTimeOffset? _positionAt;
    private string? _note;
    private bool _silent;
    private double? _hold;
    private DateTimeOffset? _pressedAt;

    private PressReader(ReadOnlySpan<byte> json, DateTimeOffset now)
    {
        _now = now;
        _json = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Lenient));
    }

    [Flags]
    private enum Seen
    {
        None = 0,
        Id = 1,
        Kind = 2,
        Position = 4,
        Note = 8,
        Silent = 16,
        Hold = 32,
        PressedAt = 64,
    }

    /// <summary>Reads what can be read.</summary>
    /// <param name="body">The body as it came, at most 256 KB.</param>
    /// <param name="now">The server's clock.</param>
    public static Press Read(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var json = PressText.ToUtf8(body, out var converted);
        var warnings = converted ? PressWarnings.Encoding : PressWarnings.None;
        if (json.Trim(" \t\r\n"u8).IsEmpty) return new PressReader(json, now).ToPress(warnings | PressWarnings.BodyMissing);

        var reader = new PressReader(json, now);
        if (reader.TryReadAll()) return reader.ToPress(warnings);

        // A second time with everything put right that can be: one NaN must not cost the id and the note behind it.
        reader = new PressReader(PressText.Repair(json), now);
        var whole = reader.TryReadAll();
        warnings |= whole || reader._seen != Seen.None ? PressWarnings.BodyDamaged : PressWarnings.BodyUnreadable;
        return reader.ToPress(warnings);
    }

    private bool TryReadAll()
    {
        try
        {
            if (!_json.Read())
            {
                _warnings |= PressWarnings.BodyTruncated;
                return true;
            }

            if (_json.TokenType != JsonTokenType.StartObject) return false;
            while (_json.Read())
            {
                if (_json.TokenType == JsonTokenType.EndObject) return true;
                if (!ReadMember()) break;
            }

            _warnings |= PressWarnings.BodyTruncated;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads one member with its value; false when the text ends inside it.</summary>
    private bool ReadMember()
    {
        Span<byte> buffer = stackalloc byte[16];
        var name = NameOf(buffer);
        if (name.SequenceEqual("position"u8)) return Once(Seen.Position) && ReadPosition();
        var member = name switch
        {
            _ when name.SequenceEqual("id"u8) => Seen.Id,
            _ when name.SequenceEqual("kind"u8) => Seen.Kind,
            _ when name.SequenceEqual("note"u8) => Seen.Note,
            _ when name.SequenceEqual("silent"u8) => Seen.Silent,
            _ when name.SequenceEqual("holdseconds"u8) => Seen.Hold,
            _ when name.SequenceEqual("pressedat"u8) => Seen.PressedAt,
            _ => Seen.None,
        };
        if (!_json.Read()) return false;
        if (member == Seen.None) _warnings |= PressWarnings.UnknownMembers;
        else Once(member);
        if (_json.TokenType != JsonTokenType.Null) Take(member);
        return _json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) || _json.TrySkip();
    }

    private void Take(Seen member)
    {
        switch (member)
        {
            case Seen.Id:
                if (PressText.Id(ref _json) is { } id) _id = id;
                else _warnings |= PressWarnings.IdUnreadable;
                break;
            case Seen.Kind:
                if (PressText.Kind(ref _json) is { } kind) _kind = kind;
                else _warnings |= PressWarnings.KindUnreadable;
                break;
            case Seen.Note:
                TakeNote();
                break;
            case Seen.Silent:
                // Unreadable means silent: a phone that gives its owner away is worse than one that stays quiet.
                var silent = PressText.Bool(ref _json);
                _silent = silent ?? true;
                if (silent is null) _warnings |= PressWarnings.SilentUnreadable;
                break;
            case Seen.Hold:
                if (Number() is { } hold) _hold = hold;
                else _warnings |= PressWarnings.HoldUnreadable;
                break;
            case Seen.PressedAt:
                if (PressText.Time(ref _json) is { } pressedAt) _pressedAt = pressedAt;
                else _warnings |= PressWarnings.PressedAtUnreadable;
                break;
        }
    }

    private void TakeNote()
    {
        if (PressText.Text(ref _json, out var repaired) is not { } text)
        {
            _warnings |= PressWarnings.NoteUnreadable;
            return;
        }

        if (repaired) _warnings |= PressWarnings.NoteRepaired;
        _note = PressText.Cut(text, Press.MaxNote);
        if (_note.Length < text.Length) _warnings |= PressWarnings.NoteCut;
    }

    private bool ReadPosition()
    {
        if (!_json.Read()) return false;
        if (_json.TokenType == JsonTokenType.Null) return true;
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _warnings |= PressWarnings.PositionUnreadable;
            return _json.TokenType != JsonTokenType.StartArray || _json.TrySkip();
        }

        double? latitude = null, longitude = null;
        Span<byte> buffer = stackalloc byte[16];
        var whole = false;
        while (_json.Read() && !(whole = _json.TokenType == JsonTokenType.EndObject))
        {
            var name = NameOf(buffer);
            if (!_json.Read()) break;
            if (name.SequenceEqual("latitude"u8)) latitude = Number() ?? latitude;
            else if (name.SequenceEqual("longitude"u8)) longitude = Number() ?? longitude;
            else if (name.SequenceEqual("accuracy"u8)) TakeAccuracy();
            else if (name.SequenceEqual("at"u8)) TakePositionTime();
            else _warnings |= PressWarnings.UnknownMembers;
            if (_json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && !_json.TrySkip()) break;
        }

        if (latitude is { } lat && longitude is { } lon)
        {
            if (GeoPoint.TryCreate(lat, lon, out var point)) _point = point;
            else _warnings |= PressWarnings.PositionImpossible;
        }
        else _warnings |= PressWarnings.PositionUnreadable;

        return whole;
    }

    private void TakeAccuracy()
    {
        if (_json.TokenType == JsonTokenType.Null) return;
        if (Number() is >= 0 and < 1e7 and var metres) _accuracy = metres;
        else _warnings |= PressWarnings.AccuracyUnreadable;
    }

    private void TakePositionTime()
    {
        if (_json.TokenType == JsonTokenType.Null) return;
        if (PressText.Time(ref _json) is { } at) _positionAt = at;
        else _warnings |= PressWarnings.PositionTimeCorrected;
    }

    private double? Number()
    {
        if (_json.TokenType == JsonTokenType.Number) return _json.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
        if (_json.TokenType != JsonTokenType.String) return null;
        if (!double.TryParse(_json.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var text) || !double.IsFinite(text)) return null;
        _warnings |= PressWarnings.NumberAsText;
        return text;
    }

    /// <summary>The member's name in small letters; longer names than any that is known come back cut.</summary>
    private readonly ReadOnlySpan<byte> NameOf(Span<byte> buffer)
    {
        var name = _json.ValueSpan;
        if (name.Length > buffer.Length) return [];
        Ascii.ToLower(name, buffer, out var length);
        return buffer[..length];
    }

    private bool Once(Seen member)
    {
        if ((_seen & member) != 0) _warnings |= PressWarnings.DuplicateMembers;
        _seen |= member;
        return true;
    }

    private Press ToPress(PressWarnings warnings)
    {
        var pressedAt = PressClock.Pressed(_pressedAt, _now, ref _warnings);
        var position = PressClock.Position(_point, _accuracy, _positionAt, _pressedAt, pressedAt, _now, ref _warnings);
        var hold = PressClock.HoldUntil(_hold, pressedAt, _now, ref _warnings);
        return new Press(_id, _kind, position, _note, _silent, hold, pressedAt, warnings | _warnings);
    }
}
