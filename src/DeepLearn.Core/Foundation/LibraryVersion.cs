namespace DeepLearn.Foundation;

/// <summary>Which library it is that writes a file.</summary>
internal static class LibraryVersion
{
    /// <summary>The version, as in <c>0.1.0</c>.</summary>
    public static string Current { get; } = typeof(LibraryVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
