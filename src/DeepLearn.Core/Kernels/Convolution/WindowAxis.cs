namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// One axis of an image along which the window of a convolution or a pooling moves: it says which inputs each output sees.
/// </summary>
/// <remarks>
/// Output <c>o</c> sees the inputs <c>o * stride - before + tap * dilation</c> for each tap; those outside the image are padding.
/// Immutable.
/// </remarks>
public sealed record WindowAxis
{
    /// <summary>An axis.</summary>
    /// <param name="input">The extent of the input, at least 1.</param>
    /// <param name="kernel">The number of taps, at least 1.</param>
    /// <param name="stride">The distance between the windows of two neighboring outputs, at least 1.</param>
    /// <param name="dilation">The distance between two neighboring taps, at least 1.</param>
    /// <param name="before">The padding before the first input, at least 0.</param>
    /// <param name="after">The padding after the last input, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is below its minimum, or the padded input or a window is longer than <see cref="int.MaxValue"/>.
    /// </exception>
    public WindowAxis(int input, int kernel, int stride = 1, int dilation = 1, int before = 0, int after = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ThrowIfTooLong((long)input + before + after, "input with its padding", nameof(input));
        ThrowIfTooLong(((kernel - 1L) * dilation) + 1, "window", nameof(kernel));
        (Input, Kernel, Stride, Dilation, Before, After) = (input, kernel, stride, dilation, before, after);
    }

    /// <summary>The extent of the input.</summary>
    public int Input { get; }

    /// <summary>The number of taps.</summary>
    public int Kernel { get; }

    /// <summary>The distance between the windows of two neighboring outputs.</summary>
    public int Stride { get; }

    /// <summary>The distance between two neighboring taps.</summary>
    public int Dilation { get; }

    /// <summary>The padding before the first input.</summary>
    public int Before { get; }

    /// <summary>The padding after the last input.</summary>
    public int After { get; }

    /// <summary>The number of inputs that a window spans, those between the taps included.</summary>
    public int Span => ((Kernel - 1) * Dilation) + 1;

    /// <summary>The number of outputs, <c>floor((input + before + after - span) / stride) + 1</c>; 0 where no window fits.</summary>
    public int Output => Input + Before + After < Span ? 0 : ((Input + Before + After - Span) / Stride) + 1;

    /// <summary>
    /// An axis with "same" padding: it has <c>ceil(input / stride)</c> outputs. An odd amount of padding puts the extra element at the end.
    /// </summary>
    /// <param name="input">The extent of the input, at least 1.</param>
    /// <param name="kernel">The number of taps, at least 1.</param>
    /// <param name="stride">The distance between the windows of two neighboring outputs, at least 1.</param>
    /// <param name="dilation">The distance between two neighboring taps, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">As for the constructor.</exception>
    public static WindowAxis Same(int input, int kernel, int stride = 1, int dilation = 1)
    {
        var plain = new WindowAxis(input, kernel, stride, dilation);
        long outputs = ((long)input + stride - 1) / stride;
        long total = Math.Max(0, ((outputs - 1) * stride) + plain.Span - input);
        ThrowIfTooLong(input + total, "input with its padding", nameof(input));
        return new(input, kernel, stride, dilation, (int)(total / 2), (int)(total - (total / 2)));
    }

    private static void ThrowIfTooLong(long extent, string what, string parameter)
    {
        if (extent > int.MaxValue)
            throw new ArgumentOutOfRangeException(parameter, extent, $"Expected a {what} of at most {int.MaxValue}; found {extent}.");
    }
}
