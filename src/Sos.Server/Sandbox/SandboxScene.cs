using System.Collections.Immutable;

namespace Sos.Server.Sandbox;

/// <summary>What happens to a press in the sandbox: the last digit of the number that pressed decides.</summary>
public enum SandboxScene
{
    /// <summary>Three made-up responders near by are asked; one accepts after some seconds, comes, helps and closes.</summary>
    HelpComes,

    /// <summary>The first who answers declines; another comes.</summary>
    FirstDeclines,

    /// <summary>Nobody answers an offer; whom the service assigns after 30 s accepts and comes.</summary>
    OnlyTheAssigned,

    /// <summary>Nobody answers at all.</summary>
    NobodyAnswers,

    /// <summary>The first who accepts gives it back before she has set out; another comes.</summary>
    FirstGivesUp,
}

/// <summary>Which number meets which scene.</summary>
internal static class SandboxScenes
{
    /// <summary>The scenes, each with the last digits that lead to it and what happens.</summary>
    public static ImmutableArray<(SandboxScene Scene, ImmutableArray<char> LastDigits, string Words)> All { get; } =
    [
        (SandboxScene.HelpComes, ['0', '5', '6', '7', '8', '9'], "Help comes: one of three accepts after some seconds, is under way, on the scene, and resolves the alert about a minute later."),
        (SandboxScene.FirstDeclines, ['1'], "The first who answers declines; another comes."),
        (SandboxScene.OnlyTheAssigned, ['2'], "Nobody answers an offer; whom the service assigns after 30 s accepts and comes."),
        (SandboxScene.NobodyAnswers, ['3'], "Nobody answers at all; the service goes on looking until the alert is called off."),
        (SandboxScene.FirstGivesUp, ['4'], "The first who accepts gives it back before she sets out; another comes."),
    ];

    /// <summary>The scene of a number.</summary>
    /// <param name="phone">E.164; null for an account without one.</param>
    public static SandboxScene Of(string? phone) => phone is { Length: > 0 } ? All.First(scene => scene.LastDigits.Contains(phone[^1])).Scene : SandboxScene.HelpComes;
}
