using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The kernels of a direct convolution for one type of vector.</summary>
internal sealed unsafe class LaneConvolutionKernels<T, TLanes> : ConvolutionKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    private readonly int[] _rowOffsets;
    private readonly WeightRange[] _ranges;
    private readonly bool _isNarrow;

    /// <summary>The kernels of a convolution.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="columns">The results of a group at a position.</param>
    public LaneConvolutionKernels(ConvolutionGeometry geometry, int columns)
        : base(geometry)
    {
        _isNarrow = columns <= TLanes.Count;
        _rowOffsets = geometry.IsDepthwise ? [] : WeightGradient<T, TLanes>.RowOffsets(geometry, Forwards);
        _ranges = geometry.IsDepthwise ? [] : WeightGradient<T, TLanes>.Ranges(geometry, Forwards);
    }

    public override int PanelColumns => _isNarrow ? NarrowPatchTile<T, TLanes>.Columns : WidePatchTile<T, TLanes>.Columns;

    public override int SumsCount => Geometry.IsDepthwise
        ? (Geometry.Taps + 1) * Geometry.Channels
        : WeightGradient<T, TLanes>.SumsCount(Geometry, Forwards);

    public override int ScratchCount => Geometry.IsDepthwise ? 0 : WeightGradient<T, TLanes>.ScratchCount(Forwards);

    public override void Run(
        GatherPlan plan, ImageStack<T> source, T* padded, T* weights, T* start, bool relu, Share panels, ImageStack<T> result)
    {
        if (!Geometry.IsDepthwise)
        {
            if (_isNarrow)
                PatchProduct<T, NarrowPatchTile<T, TLanes>>.Run(plan, source, weights, start, relu, panels, result);
            else
                PatchProduct<T, WidePatchTile<T, TLanes>>.Run(plan, source, weights, start, relu, panels, result);
            return;
        }
        for (int example = 0; example < source.Count; example++)
            DepthwiseConvolution<T, TLanes>.Run(plan, plan.Pad(source[example], padded), weights, start, relu, result[example]);
    }

    public override void AddExample(T* source, T* gradient, T* scratch, T* sums)
    {
        if (Geometry.IsDepthwise)
            DepthwiseGradient<T, TLanes>.AddExample(Forwards, source, gradient, sums);
        else
            WeightGradient<T, TLanes>.AddExample(Geometry, Forwards, _rowOffsets, _ranges, source, gradient, scratch, sums);
    }

    public override void Finish(T* sums, nint chunkStep, int chunks, T scale, T keep, bool isBias, T* destination)
    {
        if (!Geometry.IsDepthwise)
        {
            int panels = Geometry.Groups * PackedKernels<T>.Panels(Forwards, PatchTile<T, TLanes>.Columns);
            for (int panel = 0; panel < panels; panel++)
                WeightGradient<T, TLanes>.Finish(Geometry, Forwards, panel, sums, chunkStep, chunks, scale, keep, isBias, destination);
            return;
        }
        T* from = isBias ? sums + (Geometry.Taps * Geometry.Channels) : sums;
        int count = (isBias ? 1 : Geometry.Taps) * Geometry.Channels;
        ChunkSums<T>.Finish(from, chunkStep, chunks, count, scale, keep, destination, WorkerPool.Single);
    }
}
