using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Server.MadeUp;

namespace Sos.Server.Demo;

/// <summary>A responder of the demo's city: keeps to the streets, and answers as people do.</summary>
internal sealed class Islander(DemoCity city, Random random) : ICharacter
{
    private const double Accepts = 0.6;
    private const double Declines = 0.25;
    private static readonly Distance Walk = Distance.FromMetres(900);

    public GeoPoint Stroll(GeoPoint? here) => here is { } place ? city.SomewhereOnAStreet(random, Walk, place) : city.SomewhereOnAStreet(random);

    public MadeUpAnswer Answer(Guid responder, InboxDelivery delivery) => random.NextDouble() switch
    {
        < Accepts => MadeUpAnswer.Accepts,
        < Accepts + Declines => MadeUpAnswer.Declines,
        _ => MadeUpAnswer.Silent,
    };
}
