using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sos.Server.Alerts;
using Sos.Server.Audit;
using Sos.Server.Identity;
using Sos.Server.Tests.Alerts;

namespace Sos.Server.Tests.Audit;

/// <summary>S-20: no route of staff is forgotten by the audit.</summary>
public sealed class AuditCoverageTests(AlertCity city) : IClassFixture<AlertCity>
{
    // In the alert's own record with its reason; the alert's outbox brings it.
    private static readonly string[] ByTheAlert = ["/api/v1/admin/actions"];

    private static readonly string[] StaffOnly = [Policies.Staff, Policies.Admin, Policies.Operator];

    [Fact]
    public void S20_every_route_of_staff_is_given_the_audit()
    {
        var routes = city.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(rule => StaffOnly.Contains(rule.Policy))).ToList();
        Assert.True(routes.Count >= 8, $"Only {routes.Count} routes of staff were found.");
        var forgotten = routes.Where(route => !ByTheAlert.Contains(route.RoutePattern.RawText) && !IsGivenTheAudit(route)).Select(route => route.DisplayName).ToList();
        Assert.True(forgotten.Count == 0, string.Join("\n", forgotten));
    }

    private static bool IsGivenTheAudit(RouteEndpoint route) =>
        route.Metadata.GetMetadata<MethodInfo>() is { } handler && handler.GetParameters().Any(parameter => parameter.ParameterType == typeof(AuditTrail) || parameter.ParameterType == typeof(StaffLooks));
}
