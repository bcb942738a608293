namespace DeepLearn.Onnx;

/// <summary>Computes the numbers of <see cref="Layers.Padding2D.Same"/>, which a file has to state.</summary>
internal static class SamePadding
{
    /// <summary>The elements before and after an axis that give <c>ceil(input / stride)</c> outputs; an odd one is after it.</summary>
    public static (long Before, long After) Of(long input, long window, long stride, long dilation)
    {
        long outputs = (input + stride - 1) / stride;
        long total = Math.Max(0, ((outputs - 1) * stride) + ((window - 1) * dilation) + 1 - input);
        return (total / 2, total - (total / 2));
    }
}
