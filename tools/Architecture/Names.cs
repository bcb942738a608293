using Mono.Cecil;

namespace DeepLearn.Tools.Architecture;

/// <summary>
/// Short names of types and members for messages, without namespaces and without the compiler's marks for type parameters.
/// </summary>
public static class Names
{
    /// <summary>The name of a type or of a member with its type: <c>Dense.Build</c>.</summary>
    public static string Of(IMemberDefinition member)
    {
        if (member is TypeDefinition type)
            return type.DeclaringType is null ? Plain(type.Name) : $"{Of(type.DeclaringType)}.{Plain(type.Name)}";
        return $"{Of(member.DeclaringType)}.{Member(member.Name)}";
    }

    private static string Member(string name)
    {
        foreach (string accessor in (string[])["get_", "set_", "add_", "remove_"])
        {
            if (name.StartsWith(accessor, StringComparison.Ordinal))
                return name[accessor.Length..];
        }
        return name[(name.LastIndexOf('.', name.Length - 1, name.StartsWith('.') ? 0 : name.Length) + 1)..];
    }

    private static string Plain(string name) => name.Split('`')[0];
}
