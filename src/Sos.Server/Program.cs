using Sos.Server;
using Sos.Server.Audit;
using Sos.Server.Hosting;
using Sos.Server.Hosting.Transfer;
using Sos.Server.Privacy;

string? addresses = null;
try
{
    if (TransferCommand.From(args) is { } transfer)
    {
        Console.WriteLine(await transfer.Run());
        return 0;
    }

    if (BackupCommand.From(args) is { } backup)
    {
        Console.WriteLine(await backup.Run());
        return 0;
    }

    if (AuditCommand.From(args) is { } verify) return await verify.Run(Console.Out);

    if (RotateKeyCommand.From(args) is { } rotation)
    {
        Console.WriteLine(await rotation.Run());
        return 0;
    }

    await using var app = SosApplication.Build(args);
    addresses = app.Configuration["urls"];
    await app.RunInOrder();
    return 0;
}
catch (Exception failure) when (StartupException.SentenceFor(failure, addresses) is { } sentence)
{
    Console.Error.WriteLine(sentence);
    return 1;
}
