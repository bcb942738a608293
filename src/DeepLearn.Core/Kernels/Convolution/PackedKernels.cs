using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The weights of a convolution in the order in which a <see cref="GatherPlan"/> reads them: for each phase, group and panel, the panel's
/// columns for one k after those for the k before. A panel is as wide as a tile; missing columns of the last one are zero.
/// </summary>
internal static unsafe class PackedKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The fewest numbers that are worth a thread.</summary>
    private const int NumbersOfPart = 1 << 15;

    /// <summary>How many columns of weights are transposed at a time.</summary>
    private const int Together = 16;

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
    /// <param name="workers">The threads; they divide the panels.</param>
    public static void Pack(GatherPlan plan, int tile, bool backward, int kernelWidth, T* weights, T* packed, WorkerPool workers)
    {
        foreach (GatherPhase phase in plan.Phases)
        {
            int panels = plan.Groups * Panels(plan, tile), count = phase.Depth * panels * tile;
            var body = new Packing
            {
                Plan = plan,
                Phase = phase,
                Tile = tile,
                IsBackward = backward,
                KernelWidth = kernelWidth,
                Weights = weights,
                Packed = packed,
                Parts = Math.Clamp(count / NumbersOfPart, 1, Math.Min(workers.Threads, panels)),
            };
            workers.Run(ref body, body.Parts);
            packed += count;
        }
    }

    /// <summary>The weights of a phase, some panels for each thread.</summary>
    private struct Packing : IParallelBody
    {
        public required GatherPlan Plan;
        public required GatherPhase Phase;
        public required int Tile;
        public required bool IsBackward;
        public required int KernelWidth;
        public required T* Weights;
        public required T* Packed;
        public required int Parts;

        public readonly void Run(int part)
        {
            int panels = Panels(Plan, Tile);
            var share = new Share(part, Parts);
            for (int panel = share.First(Plan.Groups * panels); panel < share.End(Plan.Groups * panels); panel++)
            {
                (int group, int inGroup) = Math.DivRem(panel, panels);
                int results = Plan.ResultChannels / Plan.Groups, sources = Plan.SourceChannels / Plan.Groups;
                int first = inGroup * Tile, columns = Math.Min(Tile, results - first);
                nint filters = IsBackward ? Plan.SourceChannels : Plan.ResultChannels;
                T* to = Packed + ((nint)panel * Phase.Depth * Tile);
                foreach ((int row, int column) in Phase.Taps)
                {
                    nint tapRow = (nint)((row * KernelWidth) + column) * (IsBackward ? results : sources);
                    if (IsBackward)
                        Transpose(Weights + ((tapRow + first) * filters) + (group * sources), filters, sources, columns, to);
                    else
                        Copy(Weights + (tapRow * filters) + (group * results) + first, filters, sources, columns, to);
                    to += (nint)sources * Tile;
                }
            }
        }

        private readonly void Copy(T* from, nint step, int count, int columns, T* to)
        {
            int tile = Tile;
            for (int source = 0; source < count; source++, from += step, to += tile)
            {
                new ReadOnlySpan<T>(from, columns).CopyTo(new(to, columns));
                if (columns < tile)
                    new Span<T>(to + columns, tile - columns).Clear();
            }
        }

        /// <summary>A few columns at a time, so that each line of the weights is read once.</summary>
        private readonly void Transpose(T* from, nint step, int count, int columns, T* to)
        {
            int tile = Tile;
            for (int first = 0; first < count; first += Together)
            {
                int end = Math.Min(count, first + Together);
                for (int j = 0; j < columns; j++)
                {
                    T* line = from + (j * step), place = to + ((nint)first * tile) + j;
                    for (int source = first; source < end; source++, place += tile)
                        *place = line[source];
                }
                for (int source = first; columns < tile && source < end; source++)
                    new Span<T>(to + ((nint)source * tile) + columns, tile - columns).Clear();
            }
        }
    }
}
