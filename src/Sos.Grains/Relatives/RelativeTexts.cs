namespace Sos.Grains.Relatives;

/// <summary>What a number that is nobody's here gets. Everything but the name is the service's own, and the name is cut to letters.</summary>
internal static class RelativeTexts
{
    /// <summary>Asks a stranger once.</summary>
    public static string Invitation(string name, Uri? refusal) =>
        $"{name} would like to know when you are near each other, if you agree. Nothing is shared unless you do: sign in to the app with this number to agree or refuse. You are asked at most once a month."
        + (refusal is null ? "" : $" No more such messages: {refusal.AbsoluteUri}");
}
