using DeepLearn.Layers;

namespace DeepLearn.Tests.Support;

/// <summary>What the library has of a kind, so that a table of cases can be held to having a row for each.</summary>
internal static class LibraryTypes
{
    /// <summary>The types that can be made and derive from a type, the public ones alone.</summary>
    public static Type[] Of<T>() =>
        [.. typeof(Layer).Assembly.GetTypes().Where(type => type.IsPublic && !type.IsAbstract && type.IsSubclassOf(typeof(T)))];
}
