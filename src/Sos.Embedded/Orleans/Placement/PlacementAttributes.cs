namespace Orleans.Placement;

/// <summary>On a cluster the silo is chosen by the hash of the grain's id. One process has no choice, so it does nothing here.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class HashBasedPlacementAttribute : Attribute;

/// <summary>On a cluster the caller's silo is preferred. One process has no choice, so it does nothing here.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class PreferLocalPlacementAttribute : Attribute;
