using DeepLearn.Kernels.Simd;

namespace DeepLearn.Tests.Support;

/// <summary>
/// Runs kernels at every vector width, whether the processor has it or not. For classes of the collection <see cref="Alone"/>.
/// </summary>
public static class Widths
{
    /// <summary>One number at a time, and vectors of three sizes.</summary>
    public static int[] All { get; } = [1, 128, 256, 512];

    /// <summary>Runs an action at one width.</summary>
    public static void At(int width, Action action)
    {
        using (LaneWidth.Force(width))
            action();
    }
}
