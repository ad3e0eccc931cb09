using System.Net.Http.Headers;
using System.Text;
using Sos.TestKit;

namespace Sos.Server.Tests.Fuzz;

/// <summary>S-08: sound files of zones and of warnings, spoilt in one to three places, are taken or refused as a problem, never answered with 500.</summary>
public sealed class DocumentFuzzTests
{
    private const int Documents = 400;
    private const string GeoJson =
        """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Docks","kind":"crime","risk":5,"begins":"2026-11-21T22:00:00Z","expires":"2099-01-01T00:00:00Z","schedule":{"timeZone":"Europe/Vienna","hours":[{"days":["fri"],"from":"22:00","to":"04:00"}]}},"geometry":{"type":"MultiPolygon","coordinates":[[[[16.3,48.2],[16.4,48.2],[16.4,48.3],[16.3,48.2]]]]}},{"type":"Feature","properties":{"radiusMeters":200},"geometry":{"type":"Point","coordinates":[16.3,48.2]}}]}""";

    [Fact]
    public async Task Nothing_that_is_sent_as_a_file_is_answered_with_500_or_without_a_problem()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var server = await SosServerHost.Start();
        var admin = "Bearer " + (await server.Bootstrap()).AccessToken;
        (string Path, string Type, string Sound)[] files =
        [
            ("api/v1/zones/import", "application/geo+json", GeoJson),
            ("api/v1/admin/cap", "application/cap+xml", SampleWarnings.Text(server.Time.GetUtcNow())),
        ];
        var statuses = new Dictionary<int, int>();
        for (var i = 0; i < Documents; i++)
        {
            var file = files[i % files.Length];
            var bytes = Spoilt(random, file.Sound);
            using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(file.Type) } };
            using var answer = await server.Send(HttpMethod.Post, file.Path, content, admin);
            var (status, text) = ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            Assert.True(status < 500 && (status < 400 || answer.Content.Headers.ContentType?.MediaType == "application/problem+json"), $"seed {seed}, file {i}: {status} {text}\n{Encoding.UTF8.GetString(bytes)}");
        }

        // It has come through the door, and has been refused.
        Assert.True(statuses.GetValueOrDefault(200) > 20 && statuses.GetValueOrDefault(422) > 20, $"seed {seed}: {string.Join(", ", statuses)}");
    }

    private static byte[] Spoilt(Random random, string sound)
    {
        var text = sound;
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(text.Length);
            text = random.Next(4) switch
            {
                0 => text[..at] + NastyValues.Literals[random.Next(NastyValues.Literals.Length)] + text[at..],
                1 => text[..at] + text[Math.Min(text.Length, at + random.Next(1, 20))..],
                2 => text[..at] + text[random.Next(at + 1)..],
                _ => text[..at] + (char)random.Next(1, 0x3000) + text[Math.Min(text.Length, at + 1)..],
            };
            if (text.Length == 0) text = " ";
        }

        return Encoding.UTF8.GetBytes(text);
    }
}
