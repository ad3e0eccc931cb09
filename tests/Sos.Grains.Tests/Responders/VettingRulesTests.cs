using Sos.Contracts.Messaging;
using Sos.Contracts.Responders;
using Sos.Grains.Responders;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Responders;

public class VettingRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ada = Guid.NewGuid();
    private static readonly Guid One = Guid.NewGuid();
    private static readonly Guid Two = Guid.NewGuid();

    private readonly VettingState _state = new();
    private readonly ResponderOptions _options = new();

    [Fact]
    public void Two_different_administrators_admit_and_each_vouches_for_less_or_for_shorter_counts()
    {
        Apply(Capabilities.Medical | Capabilities.Aed | Capabilities.Safety);
        Assert.Equal(VettingRefusal.None, Approve(One, Capabilities.Medical | Capabilities.Aed, Now.AddDays(100)));
        Assert.Equal(Clearance.None, _state.Clearance);
        Assert.Equal(VettingRefusal.None, Approve(Two, Capabilities.Medical | Capabilities.Safety, Now.AddDays(200)));
        Assert.Equal((Clearance.Admitted, Capabilities.Medical, Now.AddDays(100), "Ada"), (_state.Clearance, _state.Capabilities, _state.ValidUntil, _state.DisplayName));
        Assert.False(_state.IsOpen);
        Assert.Equal(TextTemplate.ClearanceGranted, _state.News);
    }

    [Fact]
    public void Nobody_vouches_twice_or_for_herself_or_for_what_was_not_applied_for()
    {
        Apply(Capabilities.Medical);
        Assert.Equal(VettingRefusal.OwnApplication, Approve(Ada, Capabilities.Medical));
        Assert.Equal(VettingRefusal.NotAppliedFor, Approve(One, Capabilities.Medical | Capabilities.Safety));
        Assert.Equal(VettingRefusal.None, Approve(One, Capabilities.Medical));
        Assert.Equal(VettingRefusal.SameAdmin, Approve(One, Capabilities.Medical));
        Assert.Equal(VettingRefusal.OwnApplication, VettingRules.Refuse(_state, Ada, Ada, Now));
        Assert.Equal(Clearance.None, _state.Clearance);
    }

    [Fact]
    public void Nobody_is_admitted_who_has_not_applied_and_an_approval_is_good_for_one_application()
    {
        Assert.Equal(VettingRefusal.NoApplication, Approve(One, Capabilities.None));
        Apply(Capabilities.Medical);
        Approve(One, Capabilities.Medical);
        Apply(Capabilities.Medical | Capabilities.Safety);
        Assert.Equal(VettingRefusal.Stale, Approve(Two, Capabilities.Medical, revision: 1));
        Assert.Equal(VettingRefusal.None, Approve(Two, Capabilities.Medical, revision: 2));
        Assert.Equal(Clearance.None, _state.Clearance);
        VettingRules.Withdraw(_state);
        Assert.Equal(VettingRefusal.NoApplication, Approve(One, Capabilities.Medical));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(366)]
    public void A_clearance_ends_and_not_later_than_the_service_allows(int days)
    {
        Apply(Capabilities.Medical);
        Assert.Equal(VettingRefusal.BadValidity, Approve(One, Capabilities.Medical, Now.AddDays(days)));
    }

    [Fact]
    public void She_is_told_a_month_before_the_end_and_at_the_end_each_once()
    {
        Admit();
        Assert.Equal(Now.AddDays(335), VettingRules.Next(_state));
        Assert.False(VettingRules.Pass(_state, Now.AddDays(334)));
        Assert.True(VettingRules.Pass(_state, Now.AddDays(335)));
        Assert.Equal(TextTemplate.ClearanceEndsSoon, _state.News);
        Assert.Equal(Now.AddDays(365), VettingRules.Next(_state));
        Assert.False(VettingRules.Pass(_state, Now.AddDays(336)));
        Assert.True(VettingRules.Pass(_state, Now.AddDays(365)));
        Assert.Equal((Clearance.Expired, TextTemplate.ClearanceEnded, true), (_state.Clearance, _state.News, _state.IsUncarried));
        Assert.False(VettingRules.Pass(_state, Now.AddDays(400)));
        Assert.Null(VettingRules.Next(_state));
    }

    [Fact]
    public void A_refused_application_is_forgotten_after_a_month()
    {
        Apply(Capabilities.Medical);
        Assert.Equal(VettingRefusal.None, VettingRules.Refuse(_state, Ada, One, Now));
        Assert.Equal(VettingRefusal.NoApplication, Approve(Two, Capabilities.Medical));
        Assert.False(VettingRules.Pass(_state, Now.AddDays(29)));
        Assert.True(VettingRules.Pass(_state, Now.AddDays(30)));
        Assert.Null(_state.Application);
    }

    [Fact]
    public void Who_is_suspended_comes_back_by_a_new_application_only()
    {
        Admit();
        Assert.True(VettingRules.Suspend(_state));
        Assert.False(VettingRules.Suspend(_state));
        Assert.Equal((Clearance.Suspended, Capabilities.None), (_state.Clearance, _state.Capabilities));
        Assert.Equal(VettingRefusal.NoApplication, Approve(One, Capabilities.Medical));
        Admit();
        Assert.Equal(Clearance.Admitted, _state.Clearance);
    }

    [Fact]
    public void The_longest_application_fits_into_its_record()
    {
        var credentials = Enumerable.Repeat(new Credential(new string('ö', 60), new string('ö', 120), new DateOnly(2027, 1, 1)), ApplicationDraft.MostCredentials);
        VettingRules.Apply(_state, new ApplicationDraft((Capabilities)15, new string('ö', 60), [.. credentials]), Now);
        Approve(One, Capabilities.Medical);
        var bytes = new SosStateSerializer().Serialize(_state);
        Assert.InRange(bytes.ToMemory().Length, 1, 16 * 1024);
        var read = new SosStateSerializer().Deserialize<VettingState>(bytes);
        Assert.Equal(_state.Application!.Credentials, read.Application!.Credentials);
        Assert.Equal(_state.Approvals, read.Approvals);
    }

    private void Admit()
    {
        Apply(Capabilities.Medical);
        Approve(One, Capabilities.Medical);
        Approve(Two, Capabilities.Medical);
    }

    private void Apply(Capabilities capabilities) => VettingRules.Apply(_state, new ApplicationDraft(capabilities, "Ada", []), Now);

    private VettingRefusal Approve(Guid admin, Capabilities capabilities, DateTimeOffset? until = null, int? revision = null) =>
        VettingRules.Approve(_state, Ada, new Approval(admin, capabilities, "Ada", until, revision), Now, _options);
}
