using System.Buffers.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sos.Grains.Identity;
using Sos.Server.Hosting;

namespace Sos.Server.Identity;

/// <summary>Services of sign-in on the HTTP side, and the public keys of its tokens.</summary>
internal static class IdentityServices
{
    private const string PasswordCostSetting = "Sos:Identity:PasswordCost";
    private const int LeastPasswordCost = 14;

    /// <summary>Who needs a second factor: <c>staff</c> or <c>off</c>.</summary>
    public const string SecondFactorSetting = "Sos:Identity:SecondFactor";

    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        builder.AddStrength();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<KeyFolder>();
        builder.Services.AddSingleton<IdentitySeals>();
        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddHostedService<SigningKeyRotation>();
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddSingleton<SessionChecks>();
        builder.Services.AddSingleton<ConnectionTickets>();
        builder.Services.AddSingleton<SecurityLog>();
        builder.Services.AddSingleton<SignInBudgets>();
        builder.Services.AddSingleton<OneTimeCodes>();
        builder.Services.AddSingleton<SignIns>();
        builder.Services.AddSingleton<AppTokens>();
        builder.Services.AddSingleton<SecondFactors>();
        builder.Services.AddSingleton<PasswordHash>();
        builder.Services.AddSingleton<Passwords>();
        builder.Services.AddSingleton<BootstrapToken>();
        builder.Services.AddHostedService<BootstrapNotice>();
        builder.Services.AddPolicies();
        return builder;
    }

    /// <summary>Refuses test numbers where real people sign in.</summary>
    public static void RefuseTestNumbers(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment() && builder.Configuration["Sos:Identity:TestNumbers"] is { Length: > 0 })
            throw new StartupException("Sos:Identity:TestNumbers lets anybody sign in without a message and works in Development and with --sandbox only; remove the setting.");
    }

    /// <summary>What is weak is for Development. There nobody needs a second factor unless it is asked for; elsewhere staff does.</summary>
    private static void AddStrength(this WebApplicationBuilder builder)
    {
        var set = builder.Configuration[SecondFactorSetting];
        if (builder.Environment.IsDevelopment()) builder.Configuration[SecondFactorSetting] = set ?? nameof(SecondFactorUse.Off);
        else if (Enum.TryParse<SecondFactorUse>(set, ignoreCase: true, out var use) && use == SecondFactorUse.Off)
            throw new StartupException($"{SecondFactorSetting}=off lets staff sign in with one factor and works in Development only; remove the setting.");
        else if (builder.Configuration.GetValue(PasswordCostSetting, LeastPasswordCost) < LeastPasswordCost)
            throw new StartupException($"{PasswordCostSetting} below {LeastPasswordCost} makes passwords easy to guess and works in Development only; remove the setting.");
    }

    public static IEndpointConventionBuilder MapKeys(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/.well-known/jwks.json", Keys).AllowAnonymous().WithTags("Identity").WithSummary("Public keys of access tokens (RFC 7517)");

    private static Ok<KeySet> Keys(SigningKeys keys, HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new KeySet([.. keys.All.Select(key => new PublicKey(
            "RSA",
            "sig",
            "RS256",
            key.Id,
            Base64Url.EncodeToString(key.PublicParameters.Modulus!),
            Base64Url.EncodeToString(key.PublicParameters.Exponent!)))]));
    }
}

/// <summary>JSON Web Key Set.</summary>
/// <param name="Keys">The keys that verify.</param>
public sealed record KeySet(IReadOnlyList<PublicKey> Keys);

/// <summary>JSON Web Key of an RSA key.</summary>
/// <param name="Kty">RSA.</param>
/// <param name="Use">sig.</param>
/// <param name="Alg">RS256.</param>
/// <param name="Kid">Id.</param>
/// <param name="N">Modulus, base64url.</param>
/// <param name="E">Exponent, base64url.</param>
public sealed record PublicKey(string Kty, string Use, string Alg, string Kid, string N, string E);
