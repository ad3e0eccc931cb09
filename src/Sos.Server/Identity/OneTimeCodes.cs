using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Messaging;
using Sos.Grains.Identity;

namespace Sos.Server.Identity;

/// <summary>Makes one-time codes, sends them and checks them; grains see keyed hashes only.</summary>
internal sealed partial class OneTimeCodes(
    IGrainFactory grains,
    IdentitySeals seals,
    ISmsGateway gateway,
    TimeProvider time,
    IOptions<IdentityOptions> options,
    ILogger<OneTimeCodes> logger)
{
    private const int Codes = 1_000_000;
    private const string TestCode = "000000";

    /// <summary>The normalised address of a request with exactly one readable one.</summary>
    public bool TryAddress(string? phone, string? email, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (phone is null == email is null) return false;
        return phone is not null ? AddressRules.TryPhone(phone, options.Value.CountryCode, out address) : AddressRules.TryEmail(email, out address);
    }

    /// <summary>Sends a code; the ticket names its session. Null: too soon.</summary>
    public async Task<(CodeStarted Answer, string Ticket)> Send(string address)
    {
        var isTest = options.Value.IsTest(address);
        var codeSession = Guid.CreateVersion7(time.GetUtcNow());
        var code = isTest ? TestCode : RandomNumberGenerator.GetInt32(Codes).ToString("D6", CultureInfo.InvariantCulture);
        var answer = await Phone(address).Start(new StartCode(codeSession, seals.CodeHash(codeSession, code), isTest));
        if (answer.Started && !isTest) await Hand(address, code, codeSession);
        return (answer, seals.SealTicket(codeSession, address));
    }

    /// <summary>The user who has proved to read an address, or null.</summary>
    public async Task<(Guid UserId, string Address)?> Check(string ticket, string code)
    {
        if (!seals.TryOpenTicket(ticket, out var codeSession, out var address)) return null;
        var typed = code.Trim();
        if (typed.Length != TestCode.Length || !typed.All(char.IsAsciiDigit)) return null;
        var answer = await Phone(address).Check(new CheckCode(codeSession, seals.CodeHash(codeSession, typed)));
        return answer.UserId is { } userId ? (userId, address) : null;
    }

    /// <summary>The grain of an address.</summary>
    public IPhoneGrain Phone(string address) => grains.GetGrain<IPhoneGrain>(seals.AddressKey(address));

    private async Task Hand(string address, string code, Guid codeSession)
    {
        var minutes = (int)options.Value.CodeLife.TotalMinutes;
        var text = string.Create(CultureInfo.InvariantCulture, $"{code} is your code. It is good for {minutes} minutes. Nobody from us will ever ask you for it.");
        try
        {
            if (!await gateway.Send(new TextMessage(address, text, $"code/{codeSession}"), CancellationToken.None)) LogNotTaken("refused");
        }
        catch (Exception trouble)
        {
            // The answer is the same: it may not tell which addresses can be reached.
            LogNotTaken(trouble.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A one-time code was not taken by the message gateway ({Reason})")]
    private partial void LogNotTaken(string reason);
}
