using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Messaging;
using Sos.Grains.Identity;

namespace Sos.Server.Identity;

/// <summary>
/// What attempts to sign in may cost, beside an address's own limits: for each block of network addresses, each range of numbers and
/// everybody together. They fail closed: without an answer of the limiter there is no code.
/// </summary>
internal sealed partial class SignInBudgets(
    IGrainFactory grains, IdentitySeals seals, ISmsGateway gateway, TimeProvider time, IOptions<IdentityOptions> options, SecurityLog log, ILogger<SignInBudgets> logger)
{
    /// <summary>Key of the watch's grain.</summary>
    public const string Watch = "codes";

    private const int VaryingDigits = 4;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>One more request for a code from a block; zero, or how long it has to wait.</summary>
    public async Task<TimeSpan> TakeRequest(ClientBlock block) =>
        (await Limiter("code-block", block.Name).Take(new LimitRule(options.Value.CodesAnHourABlock, Hour))).Wait;

    /// <summary>One more message to an address; false when its range or everybody has had enough.</summary>
    public async Task<bool> TakeMessage(string address)
    {
        if (address[0] == '+' && !(await Limiter("code-prefix", address[..^VaryingDigits]).Take(new LimitRule(options.Value.CodesAnHourAPrefix, Hour))).Taken) return false;
        var answer = await grains.GetGrain<ICodeWatchGrain>(Watch).TakeSend();
        Tell(answer);
        return answer.Allowed;
    }

    /// <summary>One more proof from a block, taken as wrong until <see cref="NoteProof"/> says otherwise; zero, or how long it has to wait.</summary>
    public async Task<TimeSpan> TakeProof(ClientBlock block) =>
        (await Limiter("proof-block", block.Name).Take(new LimitRule(options.Value.FailuresAnHourABlock, Hour))).Wait;

    /// <summary>What the proof turned out to be.</summary>
    /// <param name="block">Where it came from.</param>
    /// <param name="good">It was right.</param>
    /// <param name="way">What was brought; a good code says that those that are sent are used.</param>
    public async Task NoteProof(ClientBlock block, bool good, ProofWay way)
    {
        log.Proved(way, block, good);
        if (good) await Limiter("proof-block", block.Name).Give();
        if (!good || way == ProofWay.Code) Tell(await grains.GetGrain<ICodeWatchGrain>(Watch).NoteCheck(good));
    }

    /// <summary>One more password for an address, known or not; zero, or how long it has to wait.</summary>
    public async Task<TimeSpan> TakePassword(string address) =>
        (await Limiter("password", address).Take(new LimitRule(options.Value.PasswordsAnHour, Hour))).Wait;

    /// <summary>The password was right.</summary>
    public Task GivePassword(string address) => Limiter("password", address).Give();

    private ILimiterGrain Limiter(string limiter, string subject) => grains.GetGrain<ILimiterGrain>(seals.LimiterKey(limiter, subject));

    private void Tell(CodeWatchAnswer answer)
    {
        if (answer.Raised is not { } alarm) return;
        var text = alarm switch
        {
            CodeAlarm.Guessing => "Sign-in alarm: many wrong codes in a minute. Somebody is guessing.",
            CodeAlarm.Pumping => "Sign-in alarm: few of the codes that are sent are used. Somebody may be pumping messages.",
            _ => "Sign-in alarm: codes are asked for far above last week's peak. No more are sent in this hour.",
        };
        var key = string.Create(CultureInfo.InvariantCulture, $"code-alarm/{alarm}/{time.GetUtcNow().ToUnixTimeSeconds() / 3600}");
        foreach (var contact in options.Value.SecurityContacts) _ = Send(new TextMessage(contact, text, $"{key}/{contact}"));
    }

    private async Task Send(TextMessage message)
    {
        try
        {
            if (!await gateway.Send(message, CancellationToken.None)) LogNotTold("refused");
        }
        catch (Exception trouble)
        {
            // The alarm is in the log in any case; a message that does not leave holds no sign-in up.
            LogNotTold(trouble.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A security contact could not be told of an alarm ({Reason})")]
    private partial void LogNotTold(string reason);
}
