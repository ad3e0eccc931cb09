using System.Globalization;
using System.Text;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>An element of CAP that means something here, with its text and what is below it. Everything else has been passed over.</summary>
/// <param name="name">Its local name.</param>
/// <param name="parent">The element around it; null: it is the message.</param>
/// <param name="number">Its number among those of its name, from 1.</param>
internal sealed class CapElement(string name, CapElement? parent, int number)
{
    private readonly List<CapElement> _children = [];
    private readonly Dictionary<string, int> _counts = [];
    private StringBuilder? _text;

    /// <summary>Where it stands, for what is told of it.</summary>
    public string Path => parent is null ? name : string.Create(CultureInfo.InvariantCulture, $"{parent.Path}/{name}[{number}]");

    /// <summary>Its text as it stands.</summary>
    public string Text => _text?.ToString() ?? "";

    /// <summary>The elements of a name, in their order.</summary>
    public IEnumerable<CapElement> All(string child) => _children.Where(element => element.Name == child);

    /// <summary>The first of a name; null when there is none.</summary>
    public CapElement? First(string child) => All(child).FirstOrDefault();

    /// <summary>The text of the first of a name in one line without space around it; null when there is none or nothing in it.</summary>
    public string? Line(string child) => First(child) is { } element && Flat(element.Text) is { Length: > 0 } line ? line : null;

    /// <summary>The one of a name.</summary>
    /// <exception cref="CapRefusalException">There is none, or more than one: readers that choose differently would be told different things.</exception>
    public CapElement Single(string child)
    {
        if (First(child) is not { } element) throw new CapRefusalException("missing", $"{Path}/{child}", $"A message needs {child}.");
        return _counts[child] == 1 ? element : throw new CapRefusalException("repeated", $"{Path}/{child}[2]", $"A message has one {child}.");
    }

    /// <summary>Something that is told of it.</summary>
    public CapFault Fault(string code, string detail) => new(code, Path, detail);

    internal string Name => name;

    internal CapElement Add(string child)
    {
        var element = new CapElement(child, this, _counts[child] = _counts.GetValueOrDefault(child) + 1);
        _children.Add(element);
        return element;
    }

    internal void Append(ReadOnlySpan<char> text) => (_text ??= new StringBuilder()).Append(text);

    /// <summary>Text in one line: spaces and line ends are one space, what is not to be seen (controls, turns of the writing direction) is left out.</summary>
    internal static string Flat(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsWhiteSpace(letter))
            {
                if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
            }
            else if (!char.IsControl(letter) && char.GetUnicodeCategory(letter) != UnicodeCategory.Format) line.Append(letter);
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>The beginning of a text, at most so many characters and never half a letter.</summary>
    internal static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = most - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end].TrimEnd() + "…";
    }
}

/// <summary>A message is refused as a whole; never leaves the reader.</summary>
internal sealed class CapRefusalException(string code, string path, string detail) : Exception(detail)
{
    public CapFault Fault => new(code, path, Message);
}
