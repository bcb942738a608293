using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The weights of a convolution in the order in which a <see cref="GatherPlan"/> reads them: for each phase, group and panel, the panel's
/// columns for one k after those for the k before. A panel is as wide as a tile; missing columns of the last one are zero.
/// </summary>
internal static unsafe class PackedKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of panels of a group.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tile">The columns of a panel.</param>
    public static int Panels(GatherPlan plan, int tile) => ((plan.ResultChannels / plan.Groups) + tile - 1) / tile;

    /// <summary>The size of the packed weights, in numbers.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tile">The columns of a panel.</param>
    public static int Count(GatherPlan plan, int tile) =>
        plan.Phases.Sum(phase => phase.Depth) * plan.Groups * Panels(plan, tile) * tile;

    /// <summary>Packs the weights.</summary>
    /// <param name="plan">The plan, forward or backward.</param>
    /// <param name="tile">The columns of a panel.</param>
    /// <param name="backward">Whether the results are gradients of inputs; the weights are then read transposed.</param>
    /// <param name="kernelWidth">The columns of the kernel.</param>
    /// <param name="weights">The weights, <c>[taps * group channels, filters]</c>.</param>
    /// <param name="packed">Receives the packed weights, <see cref="Count"/> numbers.</param>
    public static void Pack(GatherPlan plan, int tile, bool backward, int kernelWidth, T* weights, T* packed)
    {
        int panels = Panels(plan, tile);
        int results = plan.ResultChannels / plan.Groups;
        int sources = plan.SourceChannels / plan.Groups;
        nint filters = backward ? plan.SourceChannels : plan.ResultChannels;
        int channels = backward ? results : sources;
        foreach (GatherPhase phase in plan.Phases)
        {
            for (int group = 0; group < plan.Groups; group++)
            {
                for (int panel = 0; panel < panels; panel++)
                {
                    int first = panel * tile;
                    int columns = Math.Min(tile, results - first);
                    foreach ((int row, int column) in phase.Taps)
                    {
                        nint tapRow = (nint)((row * kernelWidth) + column) * channels;
                        for (int source = 0; source < sources; source++, packed += tile)
                        {
                            T* from = backward
                                ? weights + ((tapRow + first) * filters) + (group * sources) + source
                                : weights + ((tapRow + source) * filters) + (group * results) + first;
                            nint step = backward ? filters : 1;
                            for (int j = 0; j < columns; j++)
                                packed[j] = from[j * step];
                            for (int j = columns; j < tile; j++)
                                packed[j] = T.Zero;
                        }
                    }
                }
            }
        }
    }
}
