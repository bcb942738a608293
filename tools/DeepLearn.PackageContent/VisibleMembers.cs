using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace DeepLearn.PackageContent;

/// <summary>The members of an assembly that other programs can see.</summary>
internal static class VisibleMembers
{
    /// <summary>The documentation identifiers of all public types and of their public and protected members.</summary>
    public static HashSet<string> Of(AssemblyDefinition assembly)
    {
        var visible = new HashSet<string>(StringComparer.Ordinal);
        foreach (TypeDefinition type in assembly.MainModule.GetTypes().Where(IsVisible))
        {
            visible.Add(DocCommentId.GetDocCommentId(type));
            visible.UnionWith(type.Methods.Where(IsVisible).Select(DocCommentId.GetDocCommentId));
            visible.UnionWith(type.Fields.Where(IsVisible).Select(DocCommentId.GetDocCommentId));
            visible.UnionWith(type.Properties
                .Where(property => IsVisible(property.GetMethod) || IsVisible(property.SetMethod))
                .Select(DocCommentId.GetDocCommentId));
            visible.UnionWith(type.Events.Where(item => IsVisible(item.AddMethod)).Select(DocCommentId.GetDocCommentId));
        }
        return visible;
    }

    private static bool IsVisible(TypeDefinition type) =>
        type.IsNested
            ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType)
            : type.IsPublic;

    private static bool IsVisible(MethodDefinition? method) =>
        method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsVisible(FieldDefinition field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;
}
