namespace Sos.TestKit.Client;

/// <summary>Makes people through the API: an admin by the bootstrap token, and by her everybody else's roles.</summary>
public sealed class Population(HttpClient http)
{
    private const int AdminGroup = 0;
    private const int StaffGroup = 1;
    private const int ResponderGroup = 2;
    private const int CallerGroup = 3;

    private static readonly string[] OperatorRoles = ["user", "operator"];
    private static readonly string[] EveryArea = ["*"];
    private static readonly string[] AllCapabilities = ["medical", "safety", "fire"];

    private static readonly string[] Names =
        ["Ada", "Ben", "Chidi", "Dana", "Elif", "Farid", "Gita", "Hugo", "Ines", "Jun", "Kim", "Lena", "Mika", "Noor", "Olga", "Pavel", "Rosa", "Sami", "Tess", "Yara"];

    private ApiClient? _admin;

    /// <summary>The first admin, as she signs in for everything else here.</summary>
    public ApiClient Admin => _admin ?? throw new InvalidOperationException($"Call {nameof(MakeAdmin)} first.");

    /// <summary>Makes the first admin; with a token that was used already she signs in with the same number.</summary>
    public async Task MakeAdmin(string? bootstrapToken, CancellationToken cancellationToken = default)
    {
        var phone = TestNumbers.Number(AdminGroup, 1);
        var admin = new ApiClient(http);
        if (bootstrapToken is not null) await admin.Post("auth/bootstrap", new { token = bootstrapToken, phone }, cancellationToken);
        await admin.SignIn(phone, cancellationToken: cancellationToken);
        _admin = admin;
    }

    /// <summary>The nth person without any role.</summary>
    public async Task<ApiClient> Caller(int index, CancellationToken cancellationToken = default) =>
        await SignedIn(TestNumbers.Number(CallerGroup, index), cancellationToken);

    /// <summary>The nth operator, of every area.</summary>
    public async Task<ApiClient> Operator(int index, CancellationToken cancellationToken = default)
    {
        var phone = TestNumbers.Number(StaffGroup, index);
        var person = await SignedIn(phone, cancellationToken);
        var granted = await Admin.Patch($"admin/users/{person.UserId}", new { roles = OperatorRoles, areas = EveryArea }, cancellationToken);
        granted.Require();
        await person.SignIn(phone, cancellationToken: cancellationToken); // the role is in the next token
        return person;
    }

    /// <summary>The nth responder, cleared for everything, not yet on duty.</summary>
    public async Task<ApiClient> Responder(int index, CancellationToken cancellationToken = default)
    {
        var phone = TestNumbers.Number(ResponderGroup, index);
        var person = await SignedIn(phone, cancellationToken);
        var clearance = new { cleared = true, capabilities = AllCapabilities, displayName = Names[index % Names.Length] };
        (await Admin.Post($"admin/responders/{person.UserId}", clearance, cancellationToken)).Require();
        await person.SignIn(phone, cancellationToken: cancellationToken);
        return person;
    }

    private async Task<ApiClient> SignedIn(string phone, CancellationToken cancellationToken)
    {
        var person = new ApiClient(http);
        await person.SignIn(phone, cancellationToken: cancellationToken);
        return person;
    }
}
