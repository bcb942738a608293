namespace DeepLearn.Kernels.Convolution;

/// <summary>A convolution or a pooling along one axis of an image: which inputs each output sees.</summary>
/// <remarks>
/// Output <c>o</c> sees the inputs <c>o * stride - before + tap * dilation</c> for each tap; those outside the image are padding.
/// </remarks>
/// <param name="Input">The extent of the input.</param>
/// <param name="Kernel">The number of taps.</param>
/// <param name="Stride">The distance between the windows of two neighboring outputs.</param>
/// <param name="Dilation">The distance between two neighboring taps.</param>
/// <param name="Before">The padding before the first input.</param>
/// <param name="After">The padding after the last input.</param>
internal readonly record struct ConvolutionAxis(int Input, int Kernel, int Stride, int Dilation, int Before, int After)
{
    /// <summary>The number of inputs that a window spans, those between the taps included.</summary>
    public int Span => ((Kernel - 1) * Dilation) + 1;

    /// <summary>The number of outputs; below 1 where no window fits.</summary>
    public int Output => Input + Before + After < Span ? 0 : ((Input + Before + After - Span) / Stride) + 1;

    /// <summary>
    /// An axis padded such that there is an output for every stride's worth of inputs; where the padding is odd, the end gets more.
    /// </summary>
    public static ConvolutionAxis Same(int input, int kernel, int stride, int dilation)
    {
        long outputs = ((long)input + stride - 1) / stride;
        long total = Math.Max(0, ((outputs - 1) * stride) + ((long)(kernel - 1) * dilation) + 1 - input);
        return new(input, kernel, stride, dilation, (int)(total / 2), (int)(total - (total / 2)));
    }
}
