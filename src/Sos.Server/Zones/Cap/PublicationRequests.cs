using Sos.Contracts.Zones.Cap;

namespace Sos.Server.Zones.Cap;

/// <summary>How a zone is to be published.</summary>
/// <param name="Category">What it is about, as CAP 1.2 has it.</param>
/// <param name="Exercise">It is a drill.</param>
/// <param name="Instruction">What people are to do, 1 to 500 characters.</param>
public sealed record PublicationRequest(CapCategory Category = CapCategory.Safety, bool Exercise = false, string? Instruction = null);

/// <summary>What is published of a zone.</summary>
/// <param name="Identifier">The newest message's.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Type">Alert, update or cancellation.</param>
/// <param name="Category">What it is about.</param>
/// <param name="Exercise">It is a drill.</param>
/// <param name="Expires">When it is over, or is published again.</param>
/// <param name="Url">Where everybody may read it.</param>
public sealed record PublicationView(string Identifier, DateTimeOffset Sent, CapMessageType Type, CapCategory Category, bool Exercise, DateTimeOffset? Expires, string Url)
{
    internal static PublicationView Of(Guid zone, CapPublication newest) =>
        new(newest.Name.Identifier, newest.Name.Sent, newest.Type, newest.Mark.Category, newest.Mark.IsExercise, newest.Expires, $"{PublicationEndpoints.Path}{zone}");
}
