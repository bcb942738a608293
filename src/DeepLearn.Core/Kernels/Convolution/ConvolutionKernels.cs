using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The kernels of a direct convolution at one vector width. A convolution chooses them once, since the width decides how weights are
/// packed; the results are the same bits at every width.
/// </summary>
internal abstract unsafe class ConvolutionKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The fewest rows of a share: with fewer, too many of a thread's tiles are not full.</summary>
    private const int LeastRows = 4;

    private protected ConvolutionKernels(ConvolutionGeometry geometry, int mostOfSweep)
    {
        Geometry = geometry;
        Forwards = GatherPlan.Forward(geometry, mostOfSweep);
        Backwards = GatherPlan.Backward(geometry, mostOfSweep);
    }

    /// <summary>The shape.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>How outputs gather from inputs.</summary>
    public GatherPlan Forwards { get; }

    /// <summary>How gradients of inputs gather from gradients of outputs.</summary>
    public GatherPlan Backwards { get; }

    /// <summary>The columns of a panel of packed weights.</summary>
    public abstract int PanelColumns { get; }

    /// <summary>The numbers of a padded source that <see cref="Run"/> needs memory for; 0 where it reads sources as they are.</summary>
    public virtual int PaddedCount(GatherPlan plan) => Geometry.IsDepthwise && plan.IsPadded && !plan.TakesRows ? plan.PaddedCount : 0;

    /// <summary>The size of the packed weights of a plan, in numbers; 0 where the weights are read as they are.</summary>
    public int PackedCount(GatherPlan plan) => Geometry.IsDepthwise ? 0 : PackedKernels<T>.Count(plan, PanelColumns);

    /// <summary>Into how many shares the channels of a plan's results can be divided.</summary>
    public int MostShares(GatherPlan plan) => Geometry.IsDepthwise ? 1 : plan.Groups * PackedKernels<T>.Panels(plan, PanelColumns);

    /// <summary>
    /// Into how many shares the rows of a plan's results can be divided: not where a thread would copy the whole source for each.
    /// </summary>
    public int MostRowShares(GatherPlan plan) =>
        PaddedCount(plan) > 0 ? 1 : Math.Max(1, plan.MostRows / LeastRows);

    /// <summary>How many numbers of an example's results are in a share of them.</summary>
    public int NumbersOf(GatherPlan plan, GatherShare share) => share.Numbers(plan, ChannelsOf(plan, share.Panels));

    private int ChannelsOf(GatherPlan plan, Share share)
    {
        if (share == Share.Whole)
            return plan.ResultChannels;
        int panels = PackedKernels<T>.Panels(plan, PanelColumns), ofGroup = plan.ResultChannels / plan.Groups;
        return Before(share.End(plan.Groups * panels)) - Before(share.First(plan.Groups * panels));

        int Before(int panel)
        {
            (int group, int inGroup) = Math.DivRem(panel, panels);
            return (group * ofGroup) + Math.Min(ofGroup, inGroup * PanelColumns);
        }
    }

    /// <summary>The numbers of the starts of all sums: the biases, filled up to whole panels.</summary>
    public int StartCount => Geometry.IsDepthwise ? 0 : Geometry.Groups * PackedKernels<T>.Panels(Forwards, PanelColumns) * PanelColumns;

    /// <summary>The size of the weight gradient's sums for one chunk, in numbers.</summary>
    public abstract int SumsCount { get; }

    /// <summary>The size of the scratch memory that <see cref="AddExamples"/> needs, in numbers.</summary>
    public abstract int ScratchCount { get; }

    /// <summary>How many examples <see cref="AddExamples"/> takes at most.</summary>
    public abstract int Together { get; }

    /// <summary>Into how many shares the filters can be divided that <see cref="AddExamples"/> sums for.</summary>
    public abstract int MostSumShares { get; }

    /// <summary>The kernels for outputs and gradients of weights of a convolution on this machine.</summary>
    public static ConvolutionKernels<T> For(ConvolutionGeometry geometry) => For(geometry, geometry.GroupFilters);

    /// <summary>The kernels for gradients of inputs: of another width where channels and filters are of different kinds.</summary>
    public static ConvolutionKernels<T> ForBackward(ConvolutionGeometry geometry) =>
        For(geometry, geometry.GroupChannels, isBackward: true);

    private static ConvolutionKernels<T> For(ConvolutionGeometry geometry, int columns, bool isBackward = false)
    {
        bool isPlanar = isBackward && GatherPlan.Backward(geometry).IsPlanar;
        switch (isPlanar ? LaneWidth.Current : Width(geometry, columns))
        {
            case 512 when LaneWidth.Has512:
                return new LaneConvolutionKernels<T, Lanes512<T>>(geometry, columns, isPlanar);
            case 256:
                return new LaneConvolutionKernels<T, Lanes256<T>>(geometry, columns, isPlanar);
            case 128:
                return new LaneConvolutionKernels<T, Lanes128<T>>(geometry, columns, isPlanar);
            default:
                return new LaneConvolutionKernels<T, Lane<T>>(geometry, columns, isPlanar);
        }
    }

    /// <summary>The weights as <see cref="Run"/> reads them: packed, or, where each channel has a filter of its own, as they are.</summary>
    /// <param name="plan">One of the two plans.</param>
    /// <param name="weights">The weights, <c>[taps * group channels, filters]</c>.</param>
    /// <param name="packed">Memory for <see cref="PackedCount"/> numbers.</param>
    /// <param name="workers">The threads.</param>
    public T* Pack(GatherPlan plan, T* weights, T* packed, WorkerPool workers)
    {
        if (Geometry.IsDepthwise)
            return weights;
        PackedKernels<T>.Pack(plan, PanelColumns, plan == Backwards, Geometry.Horizontal.Kernel, weights, packed, workers);
        return packed;
    }

    /// <summary>
    /// The biases as <see cref="Run"/> reads them: with each group padded to whole panels, except where each channel has a filter of its
    /// own.
    /// </summary>
    /// <param name="biases">The biases, a number for each filter.</param>
    /// <param name="start">Memory for <see cref="StartCount"/> numbers; the padding is left as it is.</param>
    public T* FillUp(T* biases, T* start)
    {
        if (Geometry.IsDepthwise || biases == null)
            return biases;
        int step = PackedKernels<T>.Panels(Forwards, PanelColumns) * PanelColumns, filters = Geometry.GroupFilters;
        for (int group = 0; group < Geometry.Groups; group++)
            new ReadOnlySpan<T>(biases + (group * filters), filters).CopyTo(new Span<T>(start + (group * step), filters));
        return start;
    }

    /// <summary>
    /// Computes results of some examples, each one chain of fused multiply-adds over the plan's taps and channels in order. Taps on the
    /// padding are left out, except where each channel has a filter of its own and in gradients of few channels.
    /// </summary>
    /// <param name="plan">One of the two plans.</param>
    /// <param name="source">The sources of the examples.</param>
    /// <param name="padded">Memory for a padded source, where there is a <see cref="PaddedCount"/>.</param>
    /// <param name="weights">What <see cref="Pack"/> gave.</param>
    /// <param name="start">What <see cref="FillUp"/> gave; null for zeros.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="share">
    /// Which share of the results: of at most <see cref="MostShares"/> of the channels, and <see cref="MostRowShares"/> of the rows.
    /// </param>
    /// <param name="result">Where the results of the examples go.</param>
    public abstract void Run(
        GatherPlan plan, ImageStack<T> source, T* padded, T* weights, T* start, bool relu, GatherShare share, ImageStack<T> result);

    /// <summary>Adds the gradients of the weights and biases of some examples to the sums of their chunk.</summary>
    /// <param name="source">The inputs of the examples, padded as the forward plan says, at most <see cref="Together"/>.</param>
    /// <param name="gradient">The gradients of the outputs of the examples.</param>
    /// <param name="scratch">Scratch of <see cref="ScratchCount"/> numbers.</param>
    /// <param name="share">Which share of the filters, of at most <see cref="MostSumShares"/>.</param>
    /// <param name="isFirst">Whether they are the first of the chunk: what the sums hold is written over.</param>
    /// <param name="sums">The sums of the chunk, <see cref="SumsCount"/> numbers.</param>
    public abstract void AddExamples(
        ImageStack<T> source, ImageStack<T> gradient, T* scratch, Share share, bool isFirst, T* sums);

    /// <summary>
    /// Adds up the chunks, in order, and writes a gradient: <c>destination = keep * destination + scale * sum</c>.
    /// </summary>
    /// <param name="sums">The sums of the first chunk.</param>
    /// <param name="chunkStep">How far apart the chunks are.</param>
    /// <param name="chunks">The number of chunks.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="keep">The factor on the destination's old values; with 0 they are not read.</param>
    /// <param name="isBias">True to write the gradient of the biases, false to write that of the weights.</param>
    /// <param name="destination">The weights' gradient, <c>[depth, filters]</c>, or the biases', <c>[1, filters]</c>.</param>
    /// <param name="workers">The threads.</param>
    public abstract void Finish(
        T* sums, nint chunkStep, int chunks, T scale, T keep, bool isBias, T* destination, WorkerPool workers);

    /// <summary>
    /// The width: the widest, but 256 bits where the last panel of results would then have fewer columns to spare, or where channels that
    /// have one filter each are no whole vectors; and 128 bits where they hold all results of a position.
    /// </summary>
    private static int Width(ConvolutionGeometry geometry, int columns)
    {
        int width = LaneWidth.Current;
        if (LaneWidth.Forced != 0)
            return width;
        if (width > 128 && !geometry.IsDepthwise && columns <= Lanes128<T>.Count)
            return 128;
        if (width != 512)
            return width;
        if (geometry.IsDepthwise)
            return geometry.Channels % Lanes512<T>.Count == 0 ? width : 256;
        return RoundedUp(columns, 2 * Lanes256<T>.Count) < RoundedUp(columns, 2 * Lanes512<T>.Count) ? 256 : 512;

        static int RoundedUp(int columns, int panel) => (columns + panel - 1) / panel * panel;
    }
}
