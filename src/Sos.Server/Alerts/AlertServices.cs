using Microsoft.Extensions.DependencyInjection.Extensions;
using Sos.Contracts.Operations;
using Sos.Server.Hosting;

namespace Sos.Server.Alerts;

/// <summary>What the alerts' routes need.</summary>
internal static class AlertServices
{
    public static WebApplicationBuilder AddAlertDesk(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RecentPresses>();
        builder.Services.AddSingleton<PressDesk>();
        builder.Services.AddSingleton<StaffLooks>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IBlobStore, FolderBlobs>());
        builder.Services.AddSingleton<AttachmentDesk>();
        builder.Services.AddSingleton<AttachmentReading>();
        return builder;
    }
}
