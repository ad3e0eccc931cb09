using Sos.Grains.Audit;
using Sos.Server.Hosting;
using Sos.Server.Hosting.Transfer;
using Sos.Server.Identity;
using Sos.Server.Privacy;

namespace Sos.Server.Audit;

/// <summary>
/// <c>verify-audit</c>: checks the whole audit in what is stored, without the service: the embedded one must be stopped, a cluster's
/// database is read as it was at one moment. Settings follow as for the service itself.
/// </summary>
/// <param name="Settings">What follows on the command line.</param>
internal sealed record AuditCommand(string[] Settings)
{
    private const string Name = "verify-audit";

    /// <summary>The command on a command line; null when it is another.</summary>
    public static AuditCommand? From(string[] arguments) => arguments is [Name, .. var settings] ? new AuditCommand(settings) : null;

    /// <summary>Checks it and writes where each chain stands, and what is not as it was written; answers the process's exit code.</summary>
    /// <exception cref="StartupException">There is nothing to check.</exception>
    public async Task<int> Run(TextWriter output)
    {
        var builder = WebApplication.CreateBuilder(Settings);
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        await using var services = builder.Services.BuildServiceProvider();
        await using var data = await StoredData.Open(builder.Configuration, services.GetRequiredService<ILoggerFactory>());
        var check = new AuditCheck(DataKeyFiles.Read(new KeyFolder(new DataFolder(builder.Configuration))));
        await foreach (var item in data.Read())
        {
            if (item is TransferState state) check.Take(state.Grain, state.Name, state.Bytes);
        }

        var report = AuditReport.Of(check.Verdicts());
        foreach (var head in report.Heads) await output.WriteLineAsync($"{head.Chain} {head.Entries} {head.Hash}");
        foreach (var fault in report.Faults) await output.WriteLineAsync($"FAULT {fault}");
        await output.WriteLineAsync(report.Faults.Length == 0
            ? $"{report.Entries} entries in {report.Chains} chains, all as they were written. Keep these lines elsewhere: they prove it later."
            : $"{report.Faults.Length} faults in {report.Entries} entries: the audit is not as it was written.");
        return report.Faults.Length == 0 ? 0 : 1;
    }
}
