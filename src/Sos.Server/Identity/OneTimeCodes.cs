using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Messaging;
using Sos.Grains.Identity;

namespace Sos.Server.Identity;

/// <summary>
/// Makes one-time codes, sends them and checks them; grains see keyed hashes only. What is answered to somebody who asks for a code follows
/// from her request alone, never from the address: not whether it is known, nor whether it has had its codes.
/// </summary>
internal sealed partial class OneTimeCodes(
    IGrainFactory grains,
    IdentitySeals seals,
    SignInBudgets budgets,
    ISmsGateway gateway,
    TimeProvider time,
    IOptions<IdentityOptions> options,
    ILogger<OneTimeCodes> logger)
{
    private const int Codes = 1_000_000;
    private const int MostHandedAtOnce = 64;
    /// <summary>The code of every test number.</summary>
    public const string TestCode = "000000";


    /// <summary>A code session is over so long after it began, however often a code is sent again.</summary>
    private static readonly TimeSpan SessionLife = TimeSpan.FromMinutes(30);

    private int _handing;

    /// <summary>The normalised address of a request with exactly one readable one that messages are sent to.</summary>
    public bool TryAddress(string? phone, string? email, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (phone is null == email is null) return false;
        if (phone is null) return !options.Value.OnlyTestNumbers && AddressRules.TryEmail(email, out address);
        return AddressRules.TryPhone(phone, options.Value.CountryCode, out address)
            && (options.Value.IsTest(address) || !options.Value.OnlyTestNumbers && PhonePlan.IsTexted(address, options.Value.Countries, options.Value.DeniedPrefixes));
    }

    /// <summary>Begins a code session and sends a code in it.</summary>
    public Task<CodeRequested> Start(string address, ClientBlock block) => Ask(Guid.CreateVersion7(time.GetUtcNow()), address, block);

    /// <summary>Sends another code in a code session; the earlier one is dead. Null: there is no such session, or not any more.</summary>
    public async Task<CodeRequested?> Resend(string text, ClientBlock block)
    {
        if (!seals.TryOpenTicket(text, out var ticket) || IsOver(ticket)) return null;
        var wait = ticket.AskedAt + options.Value.Resend - time.GetUtcNow();
        if (wait > TimeSpan.Zero && !options.Value.IsTest(ticket.Address)) return new CodeRequested(wait, null);
        return await Ask(ticket.CodeSession, ticket.Address, block);
    }

    /// <summary>Whether a code is good, and whose.</summary>
    public async Task<CodeProof> Check(string text, string code, ClientBlock block)
    {
        if (!seals.TryOpenTicket(text, out var ticket) || IsOver(ticket)) return default;
        var typed = code.Trim();
        if (typed.Length != TestCode.Length || !typed.All(char.IsAsciiDigit)) return default;
        return options.Value.IsTest(ticket.Address) ? await Look(ticket, typed, block, isTest: true) : await EvenPace.Keep(() => Look(ticket, typed, block, isTest: false));
    }

    private async Task<CodeProof> Look(CodeTicket ticket, string typed, ClientBlock block, bool isTest)
    {
        if (!isTest && await budgets.TakeProof(block) is { Ticks: > 0 } wait) return new CodeProof(null, "", wait);
        var answer = await Phone(ticket.Address).Check(new CheckCode(ticket.CodeSession, seals.CodeHash(ticket.CodeSession, typed)));
        if (!isTest) await budgets.NoteProof(block, answer.UserId is not null, ProofWay.Code);
        return new CodeProof(answer.UserId, ticket.Address, default);
    }

    /// <summary>The grain of an address.</summary>
    public IPhoneGrain Phone(string address) => grains.GetGrain<IPhoneGrain>(seals.AddressKey(address));

    /// <summary>True for the number of the stores' reviewers while it is on.</summary>
    public bool IsReview(string address) => address == options.Value.ReviewNumber && time.GetUtcNow() < options.Value.ReviewUntil;

    private bool IsOver(CodeTicket ticket) => time.GetUtcNow() >= CreatedAt(ticket.CodeSession) + SessionLife;

    /// <summary>The time in a UUIDv7 (RFC 9562, 5.7).</summary>
    private static DateTimeOffset CreatedAt(Guid id) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16));

    private Task<CodeRequested> Ask(Guid codeSession, string address, ClientBlock block) =>
        options.Value.IsTest(address) ? Put(codeSession, address, block, isTest: true) : EvenPace.Keep(() => Put(codeSession, address, block, isTest: false));

    private async Task<CodeRequested> Put(Guid codeSession, string address, ClientBlock block, bool isTest)
    {
        if (!isTest && await budgets.TakeRequest(block) is { Ticks: > 0 } wait) return new CodeRequested(wait, null);

        var now = time.GetUtcNow();
        var code = isTest ? TestCode : IsReview(address) ? options.Value.ReviewCode : RandomNumberGenerator.GetInt32(Codes).ToString("D6", CultureInfo.InvariantCulture);
        var answer = await Phone(address).Start(new StartCode(codeSession, seals.CodeHash(codeSession, code), isTest));
        if (answer.Started && !isTest && !IsReview(address) && await budgets.TakeMessage(address)) _ = Hand(address, code, $"code/{codeSession}/{now.ToUnixTimeSeconds()}");
        var sent = new CodeSent(seals.SealTicket(new CodeTicket(codeSession, now, address)), isTest ? 0 : (int)options.Value.Resend.TotalSeconds, now + options.Value.CodeLife);
        return new CodeRequested(default, sent);
    }

    /// <summary>Not waited for: how long a gateway takes says something about an address.</summary>
    private async Task Hand(string address, string code, string key)
    {
        var minutes = (int)options.Value.CodeLife.TotalMinutes;
        var text = string.Create(CultureInfo.InvariantCulture, $"{code} is your code. It is good for {minutes} minutes. Nobody from us will ever ask you for it.");
        try
        {
            if (Interlocked.Increment(ref _handing) > MostHandedAtOnce) LogNotTaken("too many at once");
            else if (!await gateway.Send(new TextMessage(address, text, key), CancellationToken.None)) LogNotTaken("refused");
        }
        catch (Exception trouble)
        {
            // The answer is the same: it may not tell which addresses can be reached.
            LogNotTaken(trouble.GetType().Name);
        }
        finally
        {
            Interlocked.Decrement(ref _handing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A one-time code was not taken by the message gateway ({Reason})")]
    private partial void LogNotTaken(string reason);
}

/// <summary>Answer to who asks for a code.</summary>
/// <param name="Wait">Not zero: she has to wait so long.</param>
/// <param name="Sent">Else what she is told.</param>
internal readonly record struct CodeRequested(TimeSpan Wait, CodeSent? Sent);

/// <summary>Answer to who brings a code.</summary>
/// <param name="UserId">Who has proved to read the address; null when the code is not good.</param>
/// <param name="Address">The address.</param>
/// <param name="Wait">Not zero: nothing was looked at, and she has to wait so long.</param>
internal readonly record struct CodeProof(Guid? UserId, string Address, TimeSpan Wait);
