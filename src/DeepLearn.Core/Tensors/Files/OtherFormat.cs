namespace DeepLearn.Tensors.Files;

/// <summary>Tells a file of another format that came to the wrong reader, so that the refusal names the right one.</summary>
internal static class OtherFormat
{
    /// <summary>The greatest version of the file's form that is looked for; in 2025 it was 12.</summary>
    private const int LatestOnnxForm = 32;

    // No folder of this package, as a name in one piece would be.
    private const string OnnxPackage = nameof(DeepLearn) + ".Onnx";

    /// <summary>What reads the file instead, as a sentence with a space before it; nothing where that is not known.</summary>
    /// <param name="beginning">The file's first bytes, eight where it has them.</param>
    /// <param name="source">What it is called in messages.</param>
    public static string Reader(ReadOnlySpan<byte> beginning, string source)
    {
        bool isNamedSo = source.TrimEnd('"').EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        return isNamedSo || LooksLikeOnnx(beginning)
            ? $" It looks like an ONNX file, which OnnxModel.Load of the package {OnnxPackage} reads."
            : "";
    }

    /// <summary>
    /// Protocol Buffers: field 1, the version of the file's form, and then the first of the fields that follow it. As the length of a
    /// header, that would be larger than any file.
    /// </summary>
    private static bool LooksLikeOnnx(ReadOnlySpan<byte> beginning) => beginning is
        [0x08, >= 1 and <= LatestOnnxForm, 0x12 or 0x1A or 0x22 or 0x28 or 0x32 or 0x3A or 0x42, ..];
}
