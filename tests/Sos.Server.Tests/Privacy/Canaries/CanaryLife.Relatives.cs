using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sos.Grains.Messaging;

namespace Sos.Server.Tests.Privacy.Canaries;

/// <summary>
/// Relatives beside the alert: the sister and the brother have agreed, she shows herself to him, with the way she went, and he does not to her; the suitor has added
/// her and was never answered by her, and by Carol with a refusal. Each has a group of who is in the list, of which nobody else learns.
/// </summary>
internal sealed partial class CanaryLife
{
    private static readonly string[] Relatives = ["sister", "brother", "suitor"];
    private readonly Dictionary<string, Guid> _groups = [];

    private async Task Relate()
    {
        await Add("sister", "brother");
        var invitation = await Invited("brother");
        await Of("brother").Done("POST", $"relatives/invitations/{invitation}/accept", "{}");
        await Until("both know", async () => (await Of("sister").Done("GET", "relatives")).Contains("\"active\"", StringComparison.Ordinal));
        await Of("sister").Done("PUT", $"relatives/{Uri.EscapeDataString(Numbers["brother"].Phone)}/sharing", """{"enabled":true,"history":"week"}""");
        await Of("sister").Done("PUT", "users/me/trail", """{"enabled":true}""");
        foreach (var name in Relatives) await Of(name).Done("POST", "relatives/toggle-sharing", """{"enabled":true}""");
        await Add("suitor", "sister");
        await Invited("sister");
        await Refuse();
        foreach (var name in Relatives) await Group(name);
        await Of("sister").Done("PUT", $"relatives/groups/{_groups["sister"]}/sharing", """{"enabled":true}""");
    }

    private async Task Meet()
    {
        foreach (var name in Relatives)
        {
            var place = Json($"{name}.place");
            await Of(name).Done("POST", "relatives/location", place);
            foreach (var path in new[] { "relatives", "relatives/alerts", "relatives/invitations", "relatives/requests", "relatives/groups", $"relatives/groups/{_groups[name]}/places", "users/me/seen", "users/me/trail" }) await Of(name).Done("GET", path);
            await Of(name).Done("POST", $"relatives/groups/{_groups[name]}/request-location");
            foreach (var group in _groups.Values) await Of(name).Ask("GET", $"relatives/groups/{group}");
            foreach (var other in Relatives.Where(other => other != name)) await Of(name).Ask("PUT", $"relatives/{Uri.EscapeDataString(Numbers[other].Phone)}/sharing", """{"enabled":"no"}""");
        }

        // Once more, now that everybody has said where she is.
        foreach (var path in new[] { "relatives", "relatives/groups/{0}/places" })
        {
            foreach (var name in Relatives) await Of(name).Done("GET", string.Format(CultureInfo.InvariantCulture, path, _groups[name]));
        }

        foreach (var name in Relatives)
        {
            foreach (var other in Relatives.Where(other => other != name)) await Of(name).Ask("GET", $"relatives/{Uri.EscapeDataString(Numbers[other].Phone)}/trail");
        }
    }

    // Carol has no account; the suitor has got her number from somewhere.
    private async Task Refuse()
    {
        await Add("suitor", "carol");
        await Until("she is asked", () => Task.FromResult(server.Services.GetRequiredService<DevelopmentOutbox>().Read(Numbers["carol"].Phone).Any(message => message.Body.Contains("relative#", StringComparison.Ordinal))));
        var token = Link("relative#");
        Canaries.Add(Canary.Text("carol.refusal", token));
        await Of("carol").Done("POST", "contact-links/relatives/refuse", $$"""{"token":"{{token}}"}""");
    }

    private async Task Group(string name)
    {
        var words = $"the-group-that-{name}-has-made";
        Canaries.Add(Canary.Text($"{name}.group", words));
        var list = JsonDocument.Parse(await Of(name).Done("GET", "relatives")).RootElement.GetProperty("relatives");
        var members = string.Join(',', list.EnumerateArray().Select(relative => $"\"{relative.GetProperty("id").GetGuid()}\""));
        _groups[name] = JsonDocument.Parse(await Of(name).Done("POST", "relatives/groups", $$"""{"name":"{{words}}","members":[{{members}}]}""")).RootElement.GetProperty("id").GetGuid();
    }

    private Task<string> Add(string name, string other) => Of(name).Done("POST", "relatives/add", $$"""{"phoneNumber":"{{Numbers[other].Phone}}","name":"somebody"}""");

    private async Task<Guid> Invited(string name)
    {
        Guid? id = null;
        await Until($"{name} is asked", async () =>
        {
            var invitations = JsonDocument.Parse(await Of(name).Done("GET", "relatives/invitations")).RootElement.GetProperty("invitations");
            id = invitations.GetArrayLength() == 1 ? invitations[0].GetProperty("id").GetGuid() : null;
            return id is not null;
        });
        return id!.Value;
    }
}
