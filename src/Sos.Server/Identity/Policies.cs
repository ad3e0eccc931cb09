using Microsoft.AspNetCore.Authorization;
using Sos.Contracts.Users;

namespace Sos.Server.Identity;

/// <summary>Names of the access policies; every route names one or says that it is anonymous.</summary>
public static class Policies
{
    /// <summary>Anybody signed in.</summary>
    public const string User = "user";

    /// <summary>
    /// Raising, positioning and reading one's own alert: also with an expired access token or the SOS credential, as long as the
    /// session has not been ended; and let in when that cannot be asked in time.
    /// </summary>
    public const string Sos = "sos";

    /// <summary>Responders.</summary>
    public const string Responder = "responder";

    /// <summary>Operators.</summary>
    public const string Operator = "operator";

    /// <summary>Operators and administrators.</summary>
    public const string Staff = "staff";

    /// <summary>Administrators who have proved their second factor in the last minutes (<c>Sos:Identity:StepUpLife</c>).</summary>
    public const string Admin = "admin";

    /// <summary>Scheme of access tokens.</summary>
    internal const string BearerScheme = "Bearer";

    /// <summary>Scheme of the SOS credential and of access tokens that may have expired.</summary>
    internal const string SosScheme = "Sos";

    private static readonly AppScopeRequirement AppsOnlyInScope = new();

    internal static void AddPolicies(this IServiceCollection services)
    {
        // The core only: AddAuthentication would bring data protection, whose keys would lie in the account's home folder.
        services.AddAuthenticationCore(options =>
        {
            options.AddScheme<AccessTokenHandler>(BearerScheme, null);
            options.AddScheme<SosCredentialHandler>(SosScheme, null);
        });
        services.AddWebEncoders();
        services.AddTransient<AccessTokenHandler>();
        services.AddTransient<SosCredentialHandler>();
        services.AddSingleton<IAuthorizationHandler, RoleHandler>();
        services.AddSingleton<IAuthorizationHandler, AppScopeHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, FactorRefusalAnswers>();
        services.AddAuthorizationBuilder()
            .AddPolicy(User, policy => policy.AddAuthenticationSchemes(BearerScheme).RequireAuthenticatedUser().AddRequirements(AppsOnlyInScope))
            .AddPolicy(Sos, policy => policy.AddAuthenticationSchemes(SosScheme).RequireAuthenticatedUser().AddRequirements(AppsOnlyInScope))
            .AddPolicy(Responder, policy => policy.AddAuthenticationSchemes(BearerScheme).RequireAuthenticatedUser().AddRequirements(AppsOnlyInScope).AddRequirements(new RoleRequirement(Roles.Responder)))
            .AddPolicy(Operator, policy => policy.AddAuthenticationSchemes(BearerScheme).RequireAuthenticatedUser().AddRequirements(AppsOnlyInScope).AddRequirements(new RoleRequirement(Roles.Operator)))
            .AddPolicy(Staff, policy => policy.AddAuthenticationSchemes(BearerScheme).RequireAuthenticatedUser().AddRequirements(AppsOnlyInScope).AddRequirements(new RoleRequirement(Roles.Operator | Roles.Admin)))
            .AddPolicy(Admin, policy => policy.AddAuthenticationSchemes(BearerScheme).RequireAuthenticatedUser().AddRequirements(AppsOnlyInScope).AddRequirements(new RoleRequirement(Roles.Admin, SteppedUp: true)));
    }
}
