using Mono.Cecil;

namespace DeepLearn.Tools.Architecture;

/// <summary>What a program outside the library can use.</summary>
public static class Access
{
    /// <summary>Whether a program outside the library can name a type or a member.</summary>
    /// <param name="member">The type or the member.</param>
    /// <param name="user">The type that uses it; protected members are open to types that derive from their owner.</param>
    public static bool IsOpen(IMemberDefinition member, TypeDefinition? user = null) => member switch
    {
        TypeDefinition type => IsOpen(type, user),
        MethodDefinition method => IsOpen(method.DeclaringType, user)
            && (method.IsPublic || IsInherited(method.IsFamily || method.IsFamilyOrAssembly, member, user)),
        FieldDefinition field => IsOpen(field.DeclaringType, user)
            && (field.IsPublic || IsInherited(field.IsFamily || field.IsFamilyOrAssembly, member, user)),
        PropertyDefinition property => IsOpen(property.GetMethod ?? property.SetMethod, user),
        EventDefinition @event => IsOpen(@event.AddMethod, user),
        _ => false,
    };

    private static bool IsOpen(TypeDefinition type, TypeDefinition? user) =>
        type.DeclaringType is null
            ? type.IsPublic
            : IsOpen(type.DeclaringType, user)
                && (type.IsNestedPublic || IsInherited(type.IsNestedFamily || type.IsNestedFamilyOrAssembly, type, user));

    private static bool IsInherited(bool isProtected, IMemberDefinition member, TypeDefinition? user)
    {
        if (!isProtected)
            return false;
        for (TypeDefinition? outer = user; outer is not null; outer = outer.DeclaringType)
        {
            for (TypeDefinition? type = outer; type is not null; type = type.BaseType?.Resolve())
            {
                if (type == member.DeclaringType)
                    return true;
            }
        }
        return user is null && !member.DeclaringType.IsSealed;
    }
}
