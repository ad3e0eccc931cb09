using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Messaging;
using Sos.Server.Identity;

namespace Sos.Server.Tests.Identity;

/// <summary>S-04, S-05, S-07: who guesses, pumps or dresses up gets no more than anybody else.</summary>
public sealed class CodeAbuseTests
{
    private const string Proxy = "--Sos:Server:Proxies:0=127.0.0.1";
    private readonly Counter _sent = new();

    [Fact]
    public async Task Ten_thousand_requests_over_a_thousand_numbers_of_a_range_send_a_hundred_messages()
    {
        await using var server = await Start(Proxy);
        var answers = new HashSet<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            using var answer = await Ask(server, Number(i % 1000), $"198.51.{i % 500 / 2}.{i % 2 * 128 + 1}");
            lock (answers) answers.Add($"{(int)answer.StatusCode}");
        });
        Assert.Equal(100, _sent.Count);
        Assert.Subset(new HashSet<string> { "202", "429" }, answers);
    }

    [Fact]
    public async Task A_number_gets_five_messages_a_day_whoever_asks()
    {
        await using var server = await Start(Proxy);
        for (var i = 0; i < 60; i++)
        {
            using var answer = await Ask(server, Number(1), $"203.0.{i}.7");
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            server.Time.Advance(TimeSpan.FromMinutes(20));
        }

        Assert.Equal(5, _sent.Count);
    }

    [Fact]
    public async Task A_block_asks_twenty_times_an_hour_and_waits_then()
    {
        await using var server = await Start();
        for (var i = 0; i < 20; i++)
        {
            using var answer = await Ask(server, Number(i));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        using var refused = await Ask(server, Number(21));
        await SosServerHost.IsProblem(refused, 429, "too-many-requests");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));
        Assert.Equal(20, _sent.Count);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "8.8.8.8")]
    [InlineData("X-Forwarded-For", "many")]
    [InlineData("Forwarded", "for=8.8.8.8")]
    [InlineData("X-Real-IP", "8.8.8.8")]
    [InlineData("True-Client-IP", "8.8.8.8")]
    [InlineData("CF-Connecting-IP", "8.8.8.8")]
    [InlineData("X-Client-IP", "8.8.8.8")]
    [InlineData("X-HTTP-Method-Override", "PUT")]
    public async Task Without_a_proxy_of_ours_no_header_changes_the_limit(string header, string value)
    {
        await using var server = await Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            using var request = Request(Number(i));
            var said = value == "many" ? string.Join(", ", Enumerable.Range(0, 50).Select(n => $"8.8.{i}.{n}")) : value.Replace("8.8.8.8", $"8.8.{i}.8", StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header, said);
            using var answer = await server.Http.SendAsync(request);
            return answer.StatusCode;
        }));

        Assert.Equal((20, 20), (answers.Count(status => status == HttpStatusCode.Accepted), _sent.Count));
    }

    [Theory]
    [InlineData("2001:db8:1:2:{0:x}::1", 20)]
    [InlineData("198.51.100.{0}", 20)]
    [InlineData("::ffff:198.51.100.{0}", 20)]
    [InlineData("198.51.{0}.7", 40)]
    [InlineData("8.8.8.8, 198.51.100.{0}", 20)]
    [InlineData("8.8.{0}.8, 198.51.100.7", 20)]
    public async Task Behind_a_proxy_the_block_that_it_names_is_counted_and_what_the_client_says_is_not(string address, int expected)
    {
        await using var server = await Start(Proxy);
        await Task.WhenAll(Enumerable.Range(1, 40).Select(async i => (await Ask(server, Number(i), string.Format(CultureInfo.InvariantCulture, address, i))).Dispose()));
        Assert.Equal(expected, _sent.Count);
    }

    [Fact]
    public async Task No_spelling_of_a_number_or_a_path_gets_another_code()
    {
        await using var server = await Start("--Sos:Identity:CodesAnHourABlock=1000");
        string[] spellings =
        [
            "+49301234567", "0049301234567", "00 49 30 1234567", "+49 (0)30 1234567", "+49 (0) 30 1234567", "＋４９３０１２３４５６７", "tel:+49-30-1234567", "(+49) 30 1234567",
            "+49 30.123.45.67", "+49/30/1234567", " +49301234567 ", "+49\u00A030\u20111234567", "+٤٩٣٠١٢٣٤٥٦٧", "\u202A+49301234567\u202C",
        ];
        string[] paths = ["api/v1/auth/otp", "api/v1/auth/OTP", "API/v1/auth/otp", "api/v1/auth/otp/", "api/v1/auth//otp", "api/v1/auth%2fotp", "api/v1/auth/otp.", "api/v1/./auth/otp"];
        await Task.WhenAll(spellings.SelectMany(spelling => paths.Select(async path => (await server.Send(HttpMethod.Post, path, $$"""{"phone":"{{spelling}}"}""")).Dispose())));
        Assert.Equal(1, _sent.Count);
    }

    [Fact]
    public async Task Two_hundred_requests_at_once_get_no_more_than_one_after_another()
    {
        await using var server = await Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Ask(server, Number(i))));
        Assert.Equal((20, 20), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted), _sent.Count));
    }

    [Fact]
    public async Task A_spray_over_many_accounts_raises_the_alarm_within_a_minute_and_tells_the_contacts_once()
    {
        await using var server = await Start(Proxy, "--Sos:Identity:SecurityContacts:0=guard@example.org", "--Sos:Identity:CodesAnHourAPrefix=10000", "--Sos:Identity:CodesAnHour=100000", "--Sos:Identity:AlarmConversion=0");
        var started = server.Time.GetUtcNow();
        var watch = server.Services.GetRequiredService<IGrainFactory>().GetGrain<ICodeWatchGrain>(SignInBudgets.Watch);
        for (var account = 0; account < 400 && (await watch.View()).Alarm is null; account++)
        {
            var from = $"198.{account / 200}.{account % 200}.1";
            using var asked = await Ask(server, Number(account), from);
            var ticket = (await SosServerHost.Json(asked)).GetProperty("sessionId").GetString()!;
            using var wrong = await Verify(server, ticket, from);
            await SosServerHost.IsProblem(wrong, 401, "wrong-code");
            server.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(CodeAlarm.Guessing, (await watch.View()).Alarm);
        Assert.InRange(server.Time.GetUtcNow() - started, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(1, _sent.To("guard@example.org"));
    }

    [Fact]
    public async Task A_block_brings_sixty_wrong_codes_an_hour_and_good_ones_cost_nothing()
    {
        await using var server = await Start("--Sos:Identity:CodesAnHourABlock=1000", "--Sos:Identity:AlarmFailuresAMinute=10000");
        var (looked, refused) = (0, 0);
        for (var i = 0; i < 20; i++)
        {
            var ticket = await server.AskForCode(Number(i));
            for (var guess = 0; guess < 5; guess++)
            {
                using var answer = await Verify(server, ticket, null);
                if (answer.StatusCode == HttpStatusCode.Unauthorized) looked++;
                else if (answer.StatusCode == HttpStatusCode.TooManyRequests) refused++;
            }
        }

        Assert.Equal((60, 40), (looked, refused));
    }

    [Fact]
    public async Task The_reviewers_number_signs_in_without_a_message_until_its_day()
    {
        await using var server = await Start("--Sos:Identity:ReviewNumber=+12155550199", "--Sos:Identity:ReviewCode=271828", $"--Sos:Identity:ReviewUntil={DateTimeOffset.UtcNow.AddDays(1):O}");
        var session = await SosServerHost.Session(await server.Verify(await server.AskForCode("+1 215 555 0199"), "271828"));
        Assert.Equal(0, _sent.Count);
        Assert.NotEqual(Guid.Empty, session.User!.Id);
        server.Time.Advance(TimeSpan.FromDays(1));
        await SosServerHost.IsProblem(await server.Verify(await server.AskForCode("+1 215 555 0199"), "271828"), 401, "wrong-code");
        Assert.Equal(1, _sent.Count);
    }

    private static string Number(int i) => string.Create(CultureInfo.InvariantCulture, $"+4917012{i:D5}");

    private static HttpRequestMessage Request(string phone) =>
        new(HttpMethod.Post, "api/v1/auth/otp") { Content = new StringContent($$"""{"phone":"{{phone}}"}""", System.Text.Encoding.UTF8, "application/json") };

    private static async Task<HttpResponseMessage> Ask(SosServerHost server, string phone, string? from = null)
    {
        using var request = Request(phone);
        if (from is not null) request.Headers.TryAddWithoutValidation("X-Forwarded-For", from);
        return await server.Http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> Verify(SosServerHost server, string ticket, string? from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/auth/verify");
        request.Content = new StringContent($$"""{"sessionId":"{{ticket}}","code":"999999"}""", System.Text.Encoding.UTF8, "application/json");
        if (from is not null) request.Headers.TryAddWithoutValidation("X-Forwarded-For", from);
        return await server.Http.SendAsync(request);
    }

    private Task<SosServerHost> Start(params string[] settings) =>
        SosServerHost.Start(services => services.Replace(ServiceDescriptor.Singleton<ISmsGateway>(_sent)), settings);

    private sealed class Counter : ISmsGateway
    {
        private readonly List<string> _to = [];

        public int Count
        {
            get
            {
                lock (_to) return _to.Count;
            }
        }

        public int To(string address)
        {
            lock (_to) return _to.Count(to => to == address);
        }

        public Task<bool> Send(TextMessage message, CancellationToken cancellationToken)
        {
            lock (_to) _to.Add(message.To);
            return Task.FromResult(true);
        }
    }
}
