namespace DeepLearn.Onnx.Import;

/// <summary>The windows along an axis. Elements after the last window are not used.</summary>
/// <param name="Input">The elements.</param>
/// <param name="Window">The elements of a window.</param>
/// <param name="Stride">The distance between windows.</param>
/// <param name="Dilation">The distance between the elements of a window.</param>
/// <param name="Before">The padding before the axis.</param>
/// <param name="After">The padding after it.</param>
internal readonly record struct AxisWindows(long Input, long Window, long Stride, long Dilation, long Before, long After)
{
    /// <summary>Whether as much padding after it as before it gives the same windows.</summary>
    public bool IsSymmetric => Before == After || Count == (this with { After = Before }).Count;

    /// <summary>Whether the padding that gives an output for every stride's worth of inputs gives the same windows.</summary>
    public bool IsSame => SamePadding.Of(Input, Window, Stride, Dilation).Before == Before && Count == (Input + Stride - 1) / Stride;

    private long Count
    {
        get
        {
            long room = Input + Before + After - ((Window - 1) * Dilation) - 1;
            return room < 0 ? 0 : (room / Stride) + 1;
        }
    }
}
