using Orleans;
using Sos.Contracts.Users;

namespace Sos.Grains.Users;

/// <summary>The emergency contacts of a person. Under 4 KB with everything full.</summary>
[GenerateSerializer, Alias("sos.users.contacts-state")]
internal sealed class ContactsState
{
    /// <summary>Oldest first.</summary>
    [Id(0)] public List<ContactEntry> Contacts { get; set; } = [];

    /// <summary>When invitations were sent within the last day, oldest first.</summary>
    [Id(1)] public List<DateTimeOffset> Invitations { get; set; } = [];

    /// <summary>Numbers that were asked and are no contact (any more), oldest first: removing and adding again does not ask them again.</summary>
    [Id(2)] public List<AskedNumber> Asked { get; set; } = [];

    /// <summary>Her answer about age; null while she has given none.</summary>
    [Id(3)] public AgeAnswer? Age { get; set; }
}

/// <summary>What a person has said about her age, and who consents for her.</summary>
[GenerateSerializer, Alias("sos.users.age-answer")]
internal sealed class AgeAnswer
{
    [Id(0)] public bool IsOfAge { get; set; }

    [Id(1)] public DateTimeOffset AnsweredAt { get; set; }

    /// <summary>Has no name: that is not asked for.</summary>
    [Id(2)] public ContactEntry? Guardian { get; set; }

    /// <summary>The gateway has taken the message to the guardian.</summary>
    [Id(3)] public bool GuardianTexted { get; set; }

    /// <summary>Version of the words that the guardian has answered.</summary>
    [Id(4)] public int? Wording { get; set; }

    /// <summary>A guardian has said no: nobody else is asked before.</summary>
    [Id(5)] public DateTimeOffset? NobodyElseBefore { get; set; }
}

/// <summary>One contact.</summary>
[GenerateSerializer, Alias("sos.users.contact-entry")]
internal sealed class ContactEntry
{
    [Id(0)] public Guid Id { get; set; }
    [Id(1)] public string Name { get; set; } = "";

    /// <summary>E.164.</summary>
    [Id(2)] public string Phone { get; set; } = "";
    [Id(3)] public string? Relationship { get; set; }
    [Id(4)] public ContactAnswer Answer { get; set; }

    /// <summary>When she was asked last.</summary>
    [Id(5)] public DateTimeOffset? AskedAt { get; set; }
    [Id(6)] public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>How often she was asked.</summary>
    [Id(7)] public int Asked { get; set; }
}

/// <summary>A number that was asked and is no contact.</summary>
[GenerateSerializer, Alias("sos.users.asked-number")]
internal sealed class AskedNumber
{
    /// <summary>E.164.</summary>
    [Id(0)] public string Phone { get; set; } = "";

    /// <summary>When it was asked last.</summary>
    [Id(1)] public DateTimeOffset At { get; set; }

    /// <summary>It has said no.</summary>
    [Id(2)] public bool Refused { get; set; }
}
