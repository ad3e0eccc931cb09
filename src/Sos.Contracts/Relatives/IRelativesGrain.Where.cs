using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Relatives;

// "Where are you?", asked and answered by hand.
public partial interface IRelativesGrain
{
    /// <summary>Asks one person where she is, once an hour. Whether she is told shows in no answer.</summary>
    [Alias("AskWhere")] Task<WhereAsked> AskWhere(Guid relation);

    /// <summary>Who has asked where she is within the last hour, oldest first.</summary>
    [Alias("Questions")] Task<ImmutableArray<WhereQuestion>> Questions();

    /// <summary>Answers a question, once: shows her to that person for ten minutes; with null she is shown no more than before, and nobody is told.</summary>
    [Alias("AnswerWhere")] Task<RelativeOutcome> AnswerWhere(Guid question, SharePrecision? precision);
}

/// <summary>What came of asking where somebody is.</summary>
/// <param name="Refusal">None when she was asked; what comes of that, nobody knows.</param>
/// <param name="AgainAt">When she can be asked again; null when she cannot be asked at all.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.where-asked")]
public sealed record WhereAsked([property: Id(0)] RelativeRefusal Refusal, [property: Id(1)] DateTimeOffset? AgainAt);

/// <summary>Somebody asks where the person is.</summary>
/// <param name="Id">Id of the question.</param>
/// <param name="RelativeId">Who asks: the entry in the person's own list.</param>
/// <param name="Name">What the person calls her.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.where-question")]
public sealed record WhereQuestion([property: Id(0)] Guid Id, [property: Id(1)] Guid RelativeId, [property: Id(2)] string Name, [property: Id(3)] DateTimeOffset At);
