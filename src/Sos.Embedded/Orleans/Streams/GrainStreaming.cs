using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Streams.Core
{
    /// <summary>A grain with implicit subscriptions that resumes them itself.</summary>
    public interface IStreamSubscriptionObserver
    {
        /// <summary>The first event of a subscription is about to be delivered: give the subscription its observer.</summary>
        /// <param name="handleFactory">Makes the handle to resume.</param>
        Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory);
    }

    /// <summary>Makes the handle of one subscription.</summary>
    public interface IStreamSubscriptionHandleFactory
    {
        /// <summary>The name of the stream.</summary>
        StreamId StreamId { get; }

        /// <summary>The name of the provider.</summary>
        string ProviderName { get; }

        /// <summary>The handle.</summary>
        /// <typeparam name="T">The type of the events.</typeparam>
        StreamSubscriptionHandle<T> Create<T>();
    }
}

namespace Orleans
{
    /// <summary>Subscribes every grain of a class to the stream of a namespace whose key is the grain's own.</summary>
    /// <param name="streamNamespace">The namespace of the streams.</param>
    /// <param name="streamIdMapper">The name of a mapper from stream key to grain key. The embedded runtime has none: it must be null.</param>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class ImplicitStreamSubscriptionAttribute(string streamNamespace, string? streamIdMapper = null) : Attribute
    {
        internal string StreamNamespace { get; } = streamNamespace;

        /// <summary>The name of a mapper from stream key to grain key.</summary>
        public string? StreamIdMapper { get; init; } = streamIdMapper;
    }

    /// <summary>Streams for grains.</summary>
    public static class GrainStreamingExtensions
    {
        /// <summary>The stream provider of this name.</summary>
        /// <param name="grain">The grain.</param>
        /// <param name="name">The name of the provider.</param>
        /// <exception cref="KeyNotFoundException">There is none.</exception>
        public static IStreamProvider GetStreamProvider(this Grain grain, string name) => GetStreamProvider((IGrainBase)grain, name);

        /// <summary>The stream provider of this name.</summary>
        /// <param name="grain">The grain.</param>
        /// <param name="name">The name of the provider.</param>
        /// <exception cref="KeyNotFoundException">There is none.</exception>
        public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name)
        {
            ArgumentNullException.ThrowIfNull(grain);
            return StreamProviderOf(grain.GrainContext.ActivationServices, name);
        }

        internal static IStreamProvider StreamProviderOf(IServiceProvider services, string name)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            return services.GetKeyedService<IStreamProvider>(name) ?? throw new KeyNotFoundException($"There is no stream provider \"{name}\".");
        }
    }

    /// <summary>Streams for code that is not a grain.</summary>
    public static class ClientStreamingExtensions
    {
        /// <summary>The stream provider of this name.</summary>
        /// <param name="client">The client.</param>
        /// <param name="name">The name of the provider.</param>
        /// <exception cref="KeyNotFoundException">There is none.</exception>
        public static IStreamProvider GetStreamProvider(this IClusterClient client, string name)
        {
            ArgumentNullException.ThrowIfNull(client);
            return GrainStreamingExtensions.StreamProviderOf(client.ServiceProvider, name);
        }
    }
}
