using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Sos.Server.Hosting;

/// <summary>The service's description, OpenAPI 3.1, at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiDocument
{
    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Sos.Orleans",
                Version = "v1",
                Description = "Personal safety and emergency response. Errors are problem details (RFC 9457) with a stable type; ids are UUIDv7; "
                    + "times are UTC, ISO 8601; positions are WGS 84. v1 only gains members.",
                License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    BearerFormat = "JWT",
                    Description = "Access token of POST /auth/verify or /auth/refresh. The raise, position and read-own-alert routes take an expired one too.",
                },
                ["sos"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "Sos",
                    Description = "The SOS credential of POST /auth/verify: for raising, positioning and reading one's own alert, until sign-out.",
                },
            };
            var sandbox = context.ApplicationServices.GetRequiredService<IOptions<ServerOptions>>().Value.SandboxAddress;
            document.Servers = sandbox is null ? [] :
            [
                new OpenApiServer { Url = "/", Description = "The service" },
                new OpenApiServer { Url = sandbox, Description = "The sandbox: made-up people, no message leaves it; how it works is at /api/v1/sandbox" },
            ];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var access = context.Description.ActionDescriptor.EndpointMetadata;
            if (access.OfType<Microsoft.AspNetCore.Authorization.IAllowAnonymous>().Any()) return Task.CompletedTask;
            operation.Security = [Requirement("bearer", context.Document)];
            if (access.OfType<Microsoft.AspNetCore.Authorization.IAuthorizeData>().Any(rule => rule.Policy == Identity.Policies.Sos))
                operation.Security.Add(Requirement("sos", context.Document));
            return Task.CompletedTask;
        });
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, Microsoft.OpenApi.OpenApiDocument? document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
