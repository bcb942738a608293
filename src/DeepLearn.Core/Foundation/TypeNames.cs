namespace DeepLearn.Foundation;

/// <summary>What messages call the types of numbers: as C# does.</summary>
internal static class TypeNames
{
    /// <summary>The keyword of a type of numbers, as <c>float</c>; the name of any other.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public static string Of<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        TypeCode.Boolean => "bool",
        TypeCode.SByte => "sbyte",
        TypeCode.Byte => "byte",
        TypeCode.Int16 => "short",
        TypeCode.UInt16 => "ushort",
        TypeCode.Int32 => "int",
        TypeCode.UInt32 => "uint",
        TypeCode.Int64 => "long",
        TypeCode.UInt64 => "ulong",
        TypeCode.Decimal => "decimal",
        TypeCode.Char => "char",
        _ => typeof(T).Name,
    };
}
