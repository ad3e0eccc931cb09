using System.Text;
using Orleans.Runtime;

namespace Sos.Grains.Privacy;

/// <summary>
/// What a record is, as associated data of everything that is encrypted for it: a record that is copied to another grain or state, or whose
/// kind of key was changed, does not open.
/// </summary>
internal sealed class RecordIdentity
{
    private const byte KeyPurpose = (byte)'K';
    private const byte BodyPurpose = (byte)'B';

    // version, purpose, kind of key, generation, then "grain type/grain key/state name" in UTF-8.
    private readonly byte[] _context;

    private RecordIdentity(byte[] context) => _context = context;

    /// <summary>The identity of a grain's state.</summary>
    public static RecordIdentity Of(string stateName, GrainId grain)
    {
        var name = $"{grain.Type}/{grain.Key}/{stateName}";
        var context = new byte[4 + Encoding.UTF8.GetByteCount(name)];
        context[0] = RecordEnvelope.Version;
        Encoding.UTF8.GetBytes(name, context.AsSpan(4));
        return new RecordIdentity(context);
    }

    /// <summary>Associated data of the record's wrapped data key. Good until the next call.</summary>
    public ReadOnlySpan<byte> KeyContext(byte generation) => Context(KeyPurpose, 0, generation);

    /// <summary>Associated data of the record's content. Good until the next call.</summary>
    public ReadOnlySpan<byte> BodyContext(RecordEnvelope.KeyKind kind, byte generation) => Context(BodyPurpose, (byte)kind, generation);

    private ReadOnlySpan<byte> Context(byte purpose, byte kind, byte generation)
    {
        (_context[1], _context[2], _context[3]) = (purpose, kind, generation);
        return _context;
    }
}
