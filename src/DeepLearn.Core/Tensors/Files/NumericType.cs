namespace DeepLearn.Tensors.Files;

/// <summary>The type of the elements of a <see cref="NumericArray"/>.</summary>
public enum NumericType
{
    /// <summary>0 or 1, in one byte.</summary>
    Boolean,

    /// <summary>A whole number from 0 to 255.</summary>
    UInt8,

    /// <summary>A whole number from -128 to 127.</summary>
    Int8,

    /// <summary>A whole number of 16 bits, without a sign.</summary>
    UInt16,

    /// <summary>A whole number of 16 bits.</summary>
    Int16,

    /// <summary>A whole number of 32 bits, without a sign.</summary>
    UInt32,

    /// <summary>A whole number of 32 bits.</summary>
    Int32,

    /// <summary>A whole number of 64 bits, without a sign.</summary>
    UInt64,

    /// <summary>A whole number of 64 bits.</summary>
    Int64,

    /// <summary>A number of 16 bits (IEEE 754 binary16), <see cref="Half"/>.</summary>
    Float16,

    /// <summary>A number of 32 bits, <see cref="float"/>.</summary>
    Float32,

    /// <summary>A number of 64 bits, <see cref="double"/>.</summary>
    Float64,
}
