namespace DeepLearn.Tensors.Files;

/// <summary>What the types of elements have in common.</summary>
internal static class NumericTypes
{
    /// <summary>The bytes of an element.</summary>
    public static int SizeOf(NumericType type) => type switch
    {
        NumericType.Boolean or NumericType.UInt8 or NumericType.Int8 => 1,
        NumericType.UInt16 or NumericType.Int16 or NumericType.Float16 => 2,
        NumericType.UInt32 or NumericType.Int32 or NumericType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The type as the language has it; nothing for others.</summary>
    public static NumericType? Of(Type type) => type switch
    {
        _ when type == typeof(bool) => NumericType.Boolean,
        _ when type == typeof(byte) => NumericType.UInt8,
        _ when type == typeof(sbyte) => NumericType.Int8,
        _ when type == typeof(ushort) => NumericType.UInt16,
        _ when type == typeof(short) => NumericType.Int16,
        _ when type == typeof(uint) => NumericType.UInt32,
        _ when type == typeof(int) => NumericType.Int32,
        _ when type == typeof(ulong) => NumericType.UInt64,
        _ when type == typeof(long) => NumericType.Int64,
        _ when type == typeof(Half) => NumericType.Float16,
        _ when type == typeof(float) => NumericType.Float32,
        _ when type == typeof(double) => NumericType.Float64,
        _ => null,
    };

    /// <summary>Turns the bytes of each element around.</summary>
    public static void Reverse(Span<byte> elements, int size)
    {
        if (size == 1)
            return;
        for (int i = 0; i < elements.Length; i += size)
            elements.Slice(i, size).Reverse();
    }
}
