using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Orleans.Streams.Core;
using Orleans.Utilities;
using Sos.Contracts.Operations;
using Sos.Contracts.Responders;
using Sos.Grains.State;

namespace Sos.Grains.Responders;

/// <summary>What she is told: first durable, then to the processes that hold her connections. The stream is the second way to the same inbox.</summary>
internal sealed partial class ResponderGrain : IStreamSubscriptionObserver, IAsyncObserver<InboxDelivery>
{
    private ObserverManager<IDeviceObserver>? _devices;

    private ObserverManager<IDeviceObserver> Devices => _devices ??= new ObserverManager<IDeviceObserver>(_options.ObserverExpiry, logger)
    {
        GetDateTime = () => time.GetUtcNow().UtcDateTime,
    };

    /// <inheritdoc/>
    public async Task<InboxReceipt> Deliver(InboxDelivery delivery)
    {
        // Asked again, it is told again: the alert repeats what nobody has acknowledged.
        if (await Insert(delivery) is not { } insert) return new InboxReceipt(inbox.State.Seq, 0);
        return new InboxReceipt(insert.Item.Seq, await Tell(insert.Item));
    }

    /// <inheritdoc/>
    public async Task Forget(Guid alertId)
    {
        if (InboxRules.Forget(inbox.State, alertId)) await this.WriteOrLeave(inbox);
        else if (!State.Known) DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task Erase()
    {
        if (inbox.RecordExists) await this.ClearOrLeave(inbox);
        if (responder.RecordExists) await this.ClearOrLeave(responder);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<InboxItem>> Inbox(long after) => Task.FromResult(InboxRules.After(inbox.State, after, Now, _options));

    /// <inheritdoc/>
    public Task Follow(IDeviceObserver observer)
    {
        Devices.Subscribe(observer, observer);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<InboxDelivery>().ResumeAsync(this);

    /// <inheritdoc/>
    public async Task OnNextAsync(InboxDelivery item, StreamSequenceToken? token = null)
    {
        if (await Insert(item) is { Added: true } insert) await Tell(insert.Item);
    }

    /// <inheritdoc/>
    public Task OnErrorAsync(Exception ex)
    {
        // Nothing is lost by it: the alert's own call delivers until it has a receipt.
        LogStreamFailed(ex);
        return Task.CompletedTask;
    }

    // Null: nobody whom anything could be for, or an alert of hers that is closed.
    private async Task<(StoredInboxItem Item, bool Added)?> Insert(InboxDelivery delivery)
    {
        if (!State.Known || State.EndedOf(delivery.AlertId) is { Closed: true }) return null;
        var insert = InboxRules.Insert(inbox.State, delivery, Now, _options);
        if (insert.Added) await this.WriteOrLeave(inbox);
        return insert;
    }

    private async Task<int> Tell(StoredInboxItem stored)
    {
        Devices.ClearExpired();
        if (Devices.Count == 0) return 0;
        var (id, item) = (Id, stored.ToItem());
        await Devices.Notify(device => device.InboxChanged(id, item));
        return Devices.Count;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream of a responder's inbox has failed.")]
    private partial void LogStreamFailed(Exception exception);
}
