using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>Sign-in by one-time code or password, and new tokens.</summary>
internal static class IdentityEndpoints
{
    public static RouteGroupBuilder MapIdentity(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/auth").WithTags("Identity").AllowAnonymous();
        auth.MapPost("/otp", SendCode).WithSummary("Ask for a one-time code by SMS or e-mail");
        auth.MapPost("/otp/resend", SendAgain).WithSummary("Ask for another code in the same session; the earlier one is dead");
        auth.MapPost("/verify", Verify).WithSummary("Bring the code: tokens, SOS credential, user");
        auth.MapPost("/login", Login).WithSummary("Sign in with e-mail address and password");
        auth.MapPost("/refresh", Refresh).WithSummary("Exchange the refresh token for new tokens");
        auth.MapPost("/bootstrap", Bootstrap).WithSummary("Make the first administrator; good once");
        return auth;
    }

    private static async Task<Results<JsonHttpResult<CodeSent>, ProblemResult>> SendCode(CodeRequest request, HttpResponse response, ClientBlock block, OneTimeCodes codes) =>
        codes.TryAddress(request.Phone, request.Email, out var address) ? Asked(await codes.Start(address, block), response) : BadAddress();

    private static async Task<Results<JsonHttpResult<CodeSent>, ProblemResult>> SendAgain(ResendRequest request, HttpResponse response, ClientBlock block, OneTimeCodes codes) =>
        await codes.Resend(request.SessionId, block) is { } asked ? Asked(asked, response) : new ProblemResult(ProblemKind.WrongCode, "Ask for a new code.");

    private static Results<JsonHttpResult<CodeSent>, ProblemResult> Asked(CodeRequested asked, HttpResponse response) =>
        asked.Sent is { } sent ? TypedResults.Json(sent, statusCode: StatusCodes.Status202Accepted) : ProblemResult.Wait(asked.Wait, response);

    private static async Task<Results<Ok<SignedIn>, ProblemResult>> Verify(
        VerifyRequest request, HttpResponse response, ClientBlock block, OneTimeCodes codes, SignIns signIns, IGrainFactory grains)
    {
        var proof = await codes.Check(request.SessionId, request.Code, block);
        if (proof.Wait > TimeSpan.Zero) return ProblemResult.Wait(proof.Wait, response);
        if (proof.UserId is not { } userId) return new ProblemResult(ProblemKind.WrongCode);
        if (await grains.GetGrain<IUserGrain>(userId).Register(Registration(proof.Address, Roles.User)) is not { } profile) return new ProblemResult(ProblemKind.WrongCode);
        // The reviewers' code is known to many: it never opens anything but a plain account.
        if (codes.IsReview(proof.Address) && profile.Roles != Roles.User) return new ProblemResult(ProblemKind.WrongCode);
        if (!profile.Active) return new ProblemResult(ProblemKind.Inactive);
        return await signIns.Open(profile, request.Device) is { } session ? TypedResults.Ok(session) : new ProblemResult(ProblemKind.WrongCode);
    }

    private static async Task<Results<Ok<SignedIn>, ProblemResult>> Login(
        LoginRequest request, HttpResponse response, ClientBlock block, Passwords passwords, SignIns signIns, IGrainFactory grains)
    {
        if (!AddressRules.TryEmail(request.Email, out var email) || request.Password.Length > PasswordRules.Longest) return new ProblemResult(ProblemKind.WrongPassword);
        var proof = await passwords.SignIn(email, request.Password, block);
        if (proof.Wait > TimeSpan.Zero) return ProblemResult.Wait(proof.Wait, response);
        if (proof.UserId is not { } userId || await grains.GetGrain<IUserGrain>(userId).Profile() is not { } profile) return new ProblemResult(ProblemKind.WrongPassword);
        if (!profile.Active) return new ProblemResult(ProblemKind.Inactive);
        return await signIns.Open(profile, request.Device, SignInMethod.Password) is { } session ? TypedResults.Ok(session) : new ProblemResult(ProblemKind.WrongPassword);
    }

    private static async Task<Results<Ok<SignedIn>, ProblemResult>> Refresh(RefreshRequest request, SignIns signIns) =>
        await signIns.Refresh(request.RefreshToken, request.Device) is { } tokens ? TypedResults.Ok(tokens) : new ProblemResult(ProblemKind.SessionEnded);

    private static async Task<Results<Ok<SignedIn>, ProblemResult>> Bootstrap(
        BootstrapRequest request,
        OneTimeCodes codes,
        BootstrapToken token,
        SignIns signIns,
        IGrainFactory grains)
    {
        if (!codes.TryAddress(request.Phone, request.Email, out var address)) return BadAddress();
        if (!token.Fits(request.Token)) return new ProblemResult(ProblemKind.WrongCode);
        var userId = await codes.Phone(address).Claim();
        if (!await grains.GetGrain<IBootstrapGrain>(BootstrapToken.Grain).Take(userId)) return new ProblemResult(ProblemKind.WrongCode);

        var user = grains.GetGrain<IUserGrain>(userId);
        if (await user.Register(Registration(address, Roles.User | Roles.Admin)) is not { } profile) return new ProblemResult(ProblemKind.WrongCode);
        if (!profile.Roles.HasFlag(Roles.Admin)) profile = await user.Grant(new UserGrant(profile.Roles | Roles.Admin, null, null)) ?? profile;
        return await signIns.Open(profile, request.Device) is { } session ? TypedResults.Ok(session) : new ProblemResult(ProblemKind.WrongCode);
    }

    private static UserRegistration Registration(string address, Roles roles) =>
        address[0] == '+' ? new UserRegistration(address, null, roles) : new UserRegistration(null, address, roles);

    private static ProblemResult BadAddress() => ProblemResult.Invalid("Send either a phone number with its country code that can be texted or an e-mail address.");
}
