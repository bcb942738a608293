using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The kernels of a direct convolution for one type of vector.</summary>
internal sealed unsafe class LaneConvolutionKernels<T, TLanes> : ConvolutionKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    private readonly ConvolutionGeometry _geometry;
    private readonly int[] _rowOffsets;

    public LaneConvolutionKernels(ConvolutionGeometry geometry)
        : base(geometry)
    {
        _geometry = geometry;
        _rowOffsets = geometry.IsDepthwise ? [] : WeightGradient<T, TLanes>.RowOffsets(geometry, Forwards);
    }

    public override int PanelColumns => PatchTile<T, TLanes>.Columns;

    public override int SumsCount => _geometry.IsDepthwise
        ? (_geometry.Taps + 1) * _geometry.Channels
        : WeightGradient<T, TLanes>.SumsCount(_geometry, Forwards);

    public override int ScratchCount => _geometry.IsDepthwise ? 0 : WeightGradient<T, TLanes>.ScratchCount(Forwards);

    public override void Run(GatherPlan plan, T* source, T* weights, T* start, bool relu, T* result)
    {
        if (_geometry.IsDepthwise)
            DepthwiseConvolution<T, TLanes>.Run(plan, source, weights, start, relu, result);
        else
            PatchProduct<T, TLanes>.Run(plan, source, weights, start, relu, result);
    }

    public override void AddExample(T* source, T* gradient, T* scratch, T* sums)
    {
        if (_geometry.IsDepthwise)
            DepthwiseConvolution<T, TLanes>.AddExample(Forwards, source, gradient, sums);
        else
            WeightGradient<T, TLanes>.AddExample(_geometry, Forwards, _rowOffsets, source, gradient, scratch, sums);
    }

    public override void Finish(T* sums, nint chunkStep, int chunks, T scale, T keep, bool isBias, T* destination)
    {
        if (!_geometry.IsDepthwise)
        {
            int panels = _geometry.Groups * PackedKernels<T>.Panels(Forwards, PanelColumns);
            for (int panel = 0; panel < panels; panel++)
                WeightGradient<T, TLanes>.Finish(_geometry, Forwards, panel, sums, chunkStep, chunks, scale, keep, isBias, destination);
            return;
        }
        T* from = isBias ? sums + (_geometry.Taps * _geometry.Channels) : sums;
        for (int i = 0; i < (isBias ? 1 : _geometry.Taps) * _geometry.Channels; i++)
        {
            T total = from[i];
            for (int chunk = 1; chunk < chunks; chunk++)
                total += from[(chunk * chunkStep) + i];
            destination[i] = T.IsZero(keep) ? scale * total : T.FusedMultiplyAdd(scale, total, keep * destination[i]);
        }
    }
}
