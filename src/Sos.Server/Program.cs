using Sos.Server;
using Sos.Server.Hosting;

string? addresses = null;
try
{
    await using var app = SosApplication.Build(args);
    addresses = app.Configuration["urls"];
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (StartupException.SentenceFor(failure, addresses) is { } sentence)
{
    Console.Error.WriteLine(sentence);
    return 1;
}
