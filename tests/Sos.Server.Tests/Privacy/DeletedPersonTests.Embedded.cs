using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Sos.Contracts.Privacy;
using Sos.Server.Hosting;
using Sos.Server.Hosting.Transfer;

namespace Sos.Server.Tests.Privacy;

/// <summary>What lies in the data folder after an account was deleted.</summary>
public sealed class DeletedPersonTests
{
    [Fact]
    public async Task After_the_end_of_an_account_no_byte_of_its_key_and_nothing_of_the_person_is_in_any_file_and_her_records_are_gone()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        var (person, alert) = await RightsTests.Life(server, admin, 1, "ytterbium");
        var id = person.User!.Id;
        person = await server.SignIn(1, "ytterbium device");
        await RightsTests.Done(server, HttpMethod.Put, $"alerts/{alert}/hold", """{"days":90}""", person);
        await RightsTests.Done(server, HttpMethod.Delete, "users/me", null, person);
        await server.Stop();
        var (wrapped, secret) = await StoredKey.Of(server.DataDirectory, "sos.user", id, "user");
        Assert.Contains(StoredKey.Files(server.DataDirectory), file => StoredKey.Lies(file.Content, wrapped));
        Assert.Contains(await Records(server.DataDirectory), record => record.StartsWith($"sos.contacts/{id:N}", StringComparison.Ordinal));

        await server.Start();
        server.Time.Advance(TimeSpan.FromDays(7));
        await Gone(server, id, "Sos " + person.SosCredential, alert);
        var again = await server.SignIn(1);
        Assert.NotEqual(id, again.User!.Id);
        await server.Stop();

        StoredKey.IsNowhere(server.DataDirectory, wrapped, secret, ["ytterbium", "Ytterbium", "+493011100", "48.123457"]);
        // Ids only: that there was an account and an alert, and what staff did.
        Assert.Equal(
            $"sos.alert/{alert:N} alert, sos.user/{id:N} user",
            string.Join(", ", (await Records(server.DataDirectory)).Where(record => record.Contains($"{id:N}", StringComparison.Ordinal) || record.Contains($"{alert:N}", StringComparison.Ordinal)).Order(StringComparer.Ordinal)));
    }

    // Minute by minute, with a look at the alert: it is gone with the account, though it was held for longer. Her sessions are the first to go, and the record of the wish is the last.
    private static async Task Gone(SosServerHost server, Guid id, string credential, Guid alert)
    {
        // Several looks a minute: a call that is under way when the clock jumps is one that was not answered in time.
        for (var look = 0; look < 2_000; look++)
        {
            if (look % 10 == 0) server.Time.Advance(TimeSpan.FromMinutes(1));
            using var answer = await server.Send(HttpMethod.Get, $"api/v1/alerts/{alert}", (string?)null, credential);
            if (answer.StatusCode == HttpStatusCode.Unauthorized && await server.Services.GetRequiredService<IGrainFactory>().GetGrain<IAccountDeletionGrain>(id).DueAt() is null) break;
        }

        await server.Stop();
        await server.Start();
        for (var minute = 0; minute < 30; minute++)
        {
            server.Time.Advance(TimeSpan.FromMinutes(1));
            using var answer = await server.Send(HttpMethod.Get, $"api/v1/alerts/{alert}", (string?)null, credential);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    private static async Task<List<string>> Records(string folder)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Sos:DataDirectory", folder)]).Build();
        await using var data = await StoredData.Open(settings, NullLoggerFactory.Instance);
        var records = new List<string>();
        await foreach (var item in data.Read())
        {
            if (item is TransferState) records.Add($"{item.Grain} {item.Name}");
        }

        return records;
    }
}
