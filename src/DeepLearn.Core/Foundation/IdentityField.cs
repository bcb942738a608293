namespace DeepLearn.Foundation;

/// <summary>One thing that tells a run or a search from others.</summary>
/// <param name="Name">What it is, for instance <c>seed</c>.</param>
/// <param name="Value">Its value, written the same in every culture.</param>
public readonly record struct IdentityField(string Name, string Value);
