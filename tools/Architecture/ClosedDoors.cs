using Mono.Cecil;

namespace DeepLearn.Tools.Architecture;

/// <summary>Finds where the library's own extensions use what is not open to an extension from outside.</summary>
public static class ClosedDoors
{
    /// <summary>The faults by a short name, each with the places where it occurs.</summary>
    /// <param name="references">All uses of the assembly.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Find(CompiledReferences references)
    {
        IEnumerable<(string Fault, string Place)> found =
        [
            .. references.All.SelectMany(FaultsOf),
            .. references.Types.SelectMany(FaultsOf),
            .. references.All.Where(IsOfHiddenContract).GroupBy(use => use.UsedType).Where(
                uses => uses.DistinctBy(use => use.UserType).Count() > 1)
                .SelectMany(
                    uses => uses.Select(
                        use => ($"{use.To}.{Names.Of(use.UsedType)} is a contract inside the library only", Names.Of(use.UserType)))),
        ];
        return found.GroupBy(item => item.Fault, item => item.Place, StringComparer.Ordinal)
            .ToDictionary(places => places.Key, places => (IReadOnlyList<string>)[.. places.Distinct().Order(StringComparer.Ordinal)]);
    }

    private static IEnumerable<(string Fault, string Place)> FaultsOf(Reference use)
    {
        string? extension = House.ExtensionOf(use.From);
        if (extension is null || use.To.Length == 0 || Access.IsOpen(use.Used, use.User as TypeDefinition ?? use.User.DeclaringType))
            yield break;
        bool isOwnFolder = House.ExtensionOf(use.To) == extension;
        if (isOwnFolder && !(IsContract(use.UsedType) && use.UserType != use.UsedType))
            yield break; // a folder may have internal helpers, but its contract must be the same for everyone
        yield return (
            use.UsedType.IsPublic ? $"{extension} uses {use.To}.{Names.Of(use.Used)}" : $"{extension} uses internal types of {use.To}",
            $"{Names.Of(use.User)} uses {Names.Of(use.Used)}");
    }

    /// <summary>Members of a public base type that only the library's own subclasses can override.</summary>
    private static IEnumerable<(string Fault, string Place)> FaultsOf(TypeDefinition type)
    {
        if (!type.IsPublic || type.IsSealed)
            yield break;
        foreach (MethodDefinition method in type.Methods)
        {
            bool isAsked = method.IsVirtual && method.IsNewSlot && !method.IsFinal;
            if (isAsked && (method.IsAssembly || method.IsFamilyAndAssembly) && !method.Name.Contains('.'))
                yield return ($"{Folders.Of(type)}.{Names.Of(method)} can be overridden inside the library only", Names.Of(type));
        }
    }

    /// <summary>Whether a public extension implements an interface or a base type that an extension from outside cannot.</summary>
    private static bool IsOfHiddenContract(Reference use) =>
        use.UserType.IsPublic && use.UsedType is { IsPublic: false, IsSealed: false }
            && (use.UsedType.IsInterface || use.UsedType.IsAbstract)
        && House.ExtensionOf(use.To) is { } extension && extension == House.ExtensionOf(use.From);

    private static bool IsContract(TypeDefinition type) =>
        type is { IsPublic: true, IsSealed: false, IsInterface: true } or { IsPublic: true, IsSealed: false, IsAbstract: true };
}
