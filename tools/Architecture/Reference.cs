using Mono.Cecil;

namespace DeepLearn.Tools.Architecture;

/// <summary>One use of a type or a member of the library by another, as it was compiled.</summary>
/// <param name="User">The member that uses it, or the type if the use is in a declaration.</param>
/// <param name="UserType">The outermost type that contains the use.</param>
/// <param name="Used">The type or the member that is used.</param>
/// <param name="UsedType">The outermost type of what is used.</param>
public sealed record Reference(IMemberDefinition User, TypeDefinition UserType, IMemberDefinition Used, TypeDefinition UsedType)
{
    /// <summary>The namespace of the user, without the library's root.</summary>
    public string From => Folders.Of(UserType);

    /// <summary>The namespace of what is used, without the library's root.</summary>
    public string To => Folders.Of(UsedType);

    /// <inheritdoc/>
    public override string ToString() => $"{From}: {Names.Of(User)} uses {Names.Of(Used)} of {To}";
}
