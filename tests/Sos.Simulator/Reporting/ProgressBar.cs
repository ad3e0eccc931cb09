using System.Diagnostics;

namespace Sos.Simulator.Reporting;

/// <summary>One line that is drawn again on a terminal; where output goes to a file, a line every 30 s.</summary>
internal sealed class ProgressBar(string title, int total)
{
    private const int Width = 30;
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _running = Stopwatch.StartNew();
    private TimeSpan _nextLine = LineEvery;

    /// <summary>Shows how far it is, and a few words.</summary>
    public void Show(int done, string words)
    {
        if (!Console.IsOutputRedirected) Console.Write($"\r{Line(done, words)}\e[K");
        else if (_running.Elapsed >= _nextLine)
        {
            Console.WriteLine(Line(done, words));
            _nextLine = _running.Elapsed + LineEvery;
        }
    }

    /// <summary>Ends the line.</summary>
    public void Finish(string words)
    {
        if (!Console.IsOutputRedirected) Console.Write("\r\e[K");
        Console.WriteLine($"{title}: {words} in {_running.Elapsed.TotalSeconds:F1} s");
    }

    private string Line(int done, string words)
    {
        var filled = total == 0 ? Width : (int)((long)Width * Math.Min(done, total) / total);
        return $"{title,-10} [{new string('█', filled)}{new string('░', Width - filled)}] {done}/{total}  {words}";
    }
}
