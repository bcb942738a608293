namespace DeepLearn.Onnx.Wire;

/// <summary>How a field's value is written, in the three low bits of its tag.</summary>
internal enum WireType
{
    /// <summary>A whole number of up to ten bytes, seven bits in each.</summary>
    Number = 0,

    /// <summary>Eight bytes, the lowest first.</summary>
    EightBytes = 1,

    /// <summary>A length, then as many bytes: text, data, a message, packed numbers.</summary>
    Bytes = 2,

    /// <summary>Four bytes, the lowest first.</summary>
    FourBytes = 5,
}
