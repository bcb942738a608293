using Mono.Cecil;

namespace DeepLearn.Tools.Architecture;

/// <summary>Folders of the library, named as their namespaces without the root, such as <c>Kernels.Gemm</c>.</summary>
public static class Folders
{
    /// <summary>The root namespace of the library.</summary>
    public const string Root = "DeepLearn";

    /// <summary>The folder of a type; empty if the type is in no namespace, as types that the compiler adds are.</summary>
    public static string Of(TypeDefinition type) =>
        type.Namespace == Root ? "" : type.Namespace.StartsWith(
            Root + ".", StringComparison.Ordinal) ? type.Namespace[(Root.Length + 1)..] : "";

    /// <summary>The first name of a folder's path: <c>Kernels</c> of <c>Kernels.Gemm</c>.</summary>
    public static string Top(string folder) => folder.Split('.')[0];
}
