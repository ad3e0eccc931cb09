using Sos.Simulator;
using Sos.Simulator.Calls;
using Sos.Simulator.City;
using Sos.Simulator.Load;
using Sos.TestKit.Client;

const string Help = """
    Sos.Simulator: a city of people and responders through the public API only

      calls    replays emergency calls and accounts for every one of them
        --file FILE          CSV or CSV.gz: lat,lng,desc,zip,title,timeStamp,twp,addr,e   (default: the sample beside the program)
        --outline FILE       GeoJSON; calls more than --margin km outside its bounds are skipped
                             (default: county_outline.geojson beside the calls, where there is one)
        --margin 5           kilometres
        --calls 5000         how many, from the first
        --speed 60           simulated seconds in a real one: calls come and responders drive so much faster;
                             people's reactions and the server's clocks stay as they are
        --responders 300     on duty, where the calls are
        --accept 0.6 --decline 0.2     the rest ignores what it is asked
        --by-hand 0.05       share of alerts that an operator assigns before the service does
        --repeat 0.1         share of presses that are sent once more with the same id
        --cancel 0.02        share of callers who call it off
        --drain 120          seconds to wait for the last alerts

      load     figures of the SOS path
        --callers 2000 --responders 0 --workers 64 --seconds 30 --rate 200 --only fixed,saturated,mixed,lives
        --only positions     reports of positions over the hub: a connection each of --callers

      restart  kills a server with many stored alerts and measures its next start
        --alerts 100000 --open 1000 --workers 64

      sample   writes made-up calls of a made-up city
        --calls 500 --out sample-calls.csv

    For all: --seed N; --server URL --bootstrap TOKEN (default: a server of its own on a temporary folder, given --set Key=Value).
    Ends with 0 when everything was found again as it has to be, 1 when not, 2 when it could not run.
    """;

var line = CommandLine.Parse(args);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

try
{
    return line.Verb switch
    {
        "calls" => await Replay.Run(CallsOptions.From(line), stop.Token),
        "load" => await LoadRun.Run(LoadOptions.From(line), stop.Token),
        "restart" => await RestartRun.Run(line, stop.Token),
        "sample" => SampleCalls.Write(line.Text("out") ?? "sample-calls.csv", line.Whole("calls", 500), line.Whole("seed", 1)),
        _ => Usage(line.Verb is "help" or "" ? 0 : 2),
    };
}
catch (CommandLineException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
catch (Exception trouble) when (trouble is ApiRefusedException or TimeoutException or InvalidOperationException or FileNotFoundException)
{
    Console.Error.WriteLine(trouble.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 2;
}

static int Usage(int status)
{
    Console.WriteLine(Help);
    return status;
}
