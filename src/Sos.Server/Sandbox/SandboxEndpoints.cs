using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Sos.Grains.Identity;
using Sos.Grains.Messaging;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Messaging;

namespace Sos.Server.Sandbox;

/// <summary>How the sandbox works, and the messages that its made-up numbers were sent. Mapped in the sandbox only.</summary>
internal static class SandboxEndpoints
{
    public static void MapSandbox(this IEndpointRouteBuilder routes)
    {
        var guide = routes.MapGroup("/sandbox").WithTags("Sandbox").AllowAnonymous();
        guide.MapGet("", Guide).WithSummary("Who to be in the sandbox, and what then happens");

        var messages = routes.MapGroup("/sandbox/messages").WithTags("Sandbox").RequireAuthorization(Policies.User);
        messages.MapGet("", Messages).WithSummary("Messages that a made-up number was sent; newest first");
    }

    private static Ok<SandboxGuide> Guide() => TypedResults.Ok(new SandboxGuide(
        SandboxMode.Numbers,
        OneTimeCodes.TestCode,
        [.. SandboxScenes.All.Select(scene => new SandboxSceneView(scene.Scene, string.Concat(scene.LastDigits), scene.Words))]));

    private static Results<Ok<OutboxContent>, ProblemResult> Messages(DevelopmentOutbox outbox, IOptions<IdentityOptions> options, string? to = null) =>
        AddressRules.TryPhone(to, "", out var phone) && options.Value.IsTest(phone)
            ? TypedResults.Ok(new OutboxContent(outbox.Read(phone)))
            : ProblemResult.Invalid($"to must be a number that begins with {SandboxMode.Numbers}; write its + as %2B.");
}

/// <summary>How the sandbox works. Everybody in it is made up, and who knows a number can sign in as it: put nothing real in.</summary>
/// <param name="Numbers">Beginning (E.164) of the numbers that can sign in; take one that nobody else has.</param>
/// <param name="Code">The one-time code of all of them; no message is needed.</param>
/// <param name="Scenes">What happens when one of them presses SOS.</param>
public sealed record SandboxGuide(string Numbers, string Code, IReadOnlyList<SandboxSceneView> Scenes);

/// <summary>What happens to a press.</summary>
/// <param name="Scene">Its name.</param>
/// <param name="LastDigits">Numbers that end in one of these meet it.</param>
/// <param name="Words">What happens.</param>
public sealed record SandboxSceneView(SandboxScene Scene, string LastDigits, string Words);
