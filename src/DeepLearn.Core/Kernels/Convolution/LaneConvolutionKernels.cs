using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The kernels of a direct convolution for one type of vector.</summary>
internal sealed unsafe class LaneConvolutionKernels<T, TLanes> : ConvolutionKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    /// <summary>How many numbers of sums are worth a thread.</summary>
    private const int WorkOfPart = 1 << 16;

    private readonly int[] _rowOffsets;
    private readonly WeightRange[] _ranges;
    private readonly bool _isNarrow;
    private readonly bool _isBroad;
    private readonly bool _isPlanar;
    private readonly int[][] _planarOffsets;

    /// <summary>The kernels of a convolution.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="columns">The results of a group at a position.</param>
    /// <param name="isPlanar">Whether they are for gradients of inputs alone, with lanes along the columns.</param>
    public LaneConvolutionKernels(ConvolutionGeometry geometry, int columns, bool isPlanar)
        : base(geometry, IsBroad(columns) ? GatherPart.MostOfBroadSweep : GatherPart.MostOfSweep)
    {
        _isBroad = IsBroad(columns);
        _isPlanar = isPlanar;
        _planarOffsets = isPlanar ? PlanarProduct<T, TLanes>.Offsets(Backwards) : [];
        _isNarrow = columns <= TLanes.Count;
        _rowOffsets = geometry.IsDepthwise ? [] : WeightGradient<T, TLanes>.RowOffsets(geometry, Forwards);
        _ranges = geometry.IsDepthwise ? [] : WeightGradient<T, TLanes>.Ranges(geometry, Forwards);
    }

    public override int PanelColumns => _isPlanar ? PlanarProduct<T, TLanes>.Columns
        : _isNarrow ? NarrowPatchTile<T, TLanes>.Columns
        : _isBroad ? BroadPatchTile<T, TLanes>.Columns : WidePatchTile<T, TLanes>.Columns;

    public override int PaddedCount(GatherPlan plan) => _isPlanar ? PlanarProduct<T, TLanes>.Count(plan) : base.PaddedCount(plan);

    public override int SumsCount => Geometry.IsDepthwise
        ? (Geometry.Taps + 1) * Geometry.Channels
        : WeightGradient<T, TLanes>.SumsCount(Geometry, Forwards);

    public override int Together => Geometry.IsDepthwise ? 1 : WeightGradient<T, TLanes>.Together(Forwards);

    public override int MostSumShares =>
        Geometry.IsDepthwise ? 1 : Geometry.Groups * PackedKernels<T>.Panels(Forwards, PatchTile<T, TLanes>.Columns);

    public override int ScratchCount => Geometry.IsDepthwise ? 0 : WeightGradient<T, TLanes>.ScratchCount(Forwards);

    public override void Run(
        GatherPlan plan, ImageStack<T> source, T* padded, T* weights, T* start, bool relu, GatherShare share, ImageStack<T> result)
    {
        if (!Geometry.IsDepthwise)
        {
            if (_isPlanar)
                RunPlanar(plan, source, padded, weights, result);
            else if (_isNarrow)
                PatchProduct<T, NarrowPatchTile<T, TLanes>>.Run(plan, source, weights, start, relu, share, result);
            else if (_isBroad)
                PatchProduct<T, BroadPatchTile<T, TLanes>>.Run(plan, source, weights, start, relu, share, result);
            else
                PatchProduct<T, WidePatchTile<T, TLanes>>.Run(plan, source, weights, start, relu, share, result);
            return;
        }
        for (int example = 0; example < source.Count; example++)
            RunDepthwise(plan, source[example], padded, weights, start, relu, share.Rows, result[example]);
    }

    private static void RunDepthwise(GatherPlan plan, T* source, T* padded, T* weights, T* start, bool relu, Share rows, T* result)
    {
        if (!plan.TakesRows)
            DepthwiseConvolution<T, TLanes>.Run(plan, plan.Pad(source, padded), weights, start, relu, rows, result);
        else if (plan.Phases[0].ColumnTaps == 5)
            DepthwiseRows<T, TLanes, FiveTaps<T>>.Run(plan, source, weights, start, relu, rows, result);
        else if (plan.Phases[0].SourceColumnStep == plan.SourceChannels)
            DepthwiseRows<T, TLanes, ThreeTaps<T>>.Run(plan, source, weights, start, relu, rows, result);
        else
            DepthwiseRows<T, TLanes, ThreeTapsApart<T>>.Run(plan, source, weights, start, relu, rows, result);
    }

    /// <summary>Whether results at a position fill whole broad tiles; vectors of 512 bits alone have registers enough for them.</summary>
    private static bool IsBroad(int columns) =>
        TLanes.Count * sizeof(T) == 64 && columns % BroadPatchTile<T, TLanes>.Columns == 0;

    private void RunPlanar(GatherPlan plan, ImageStack<T> source, T* copy, T* weights, ImageStack<T> result)
    {
        for (int example = 0; example < source.Count; example++)
            PlanarProduct<T, TLanes>.Run(plan, _planarOffsets, source[example], copy, weights, result[example]);
    }

    public override void AddExamples(
        ImageStack<T> source, ImageStack<T> gradient, T* scratch, Share share, bool isFirst, T* sums)
    {
        if (!Geometry.IsDepthwise)
        {
            WeightGradient<T, TLanes>.AddExamples(
                Geometry, Forwards, _rowOffsets, _ranges, source, gradient, scratch, share, isFirst, sums);
            return;
        }
        if (isFirst)
            new Span<T>(sums, SumsCount).Clear();
        for (int example = 0; example < source.Count; example++)
            DepthwiseGradient<T, TLanes>.AddExample(Forwards, source[example], gradient[example], sums);
    }

    public override void Finish(
        T* sums, nint chunkStep, int chunks, T scale, T keep, bool isBias, T* destination, WorkerPool workers)
    {
        if (Geometry.IsDepthwise)
        {
            T* from = isBias ? sums + (Geometry.Taps * Geometry.Channels) : sums;
            int count = (isBias ? 1 : Geometry.Taps) * Geometry.Channels;
            ChunkSums<T>.Finish(from, chunkStep, chunks, count, scale, keep, destination, WorkerPool.Single);
            return;
        }
        var body = new Finishing
        {
            Kernels = this,
            Sums = sums,
            ChunkStep = chunkStep,
            Chunks = chunks,
            Scale = scale,
            Keep = keep,
            IsBias = isBias,
            Destination = destination,
        };
        long work = isBias ? 0 : (long)SumsCount * chunks;
        body.Parts = (int)Math.Clamp(work / WorkOfPart, 1, Math.Min(workers.Threads, MostSumShares));
        workers.Run(ref body, body.Parts);
    }

    /// <summary>The ends of the sums of some panels.</summary>
    private struct Finishing : IParallelBody
    {
        public required LaneConvolutionKernels<T, TLanes> Kernels;
        public required T* Sums;
        public required nint ChunkStep;
        public required int Chunks;
        public required T Scale;
        public required T Keep;
        public required bool IsBias;
        public required T* Destination;
        public int Parts;

        public readonly void Run(int part)
        {
            var share = new Share(part, Parts);
            for (int panel = share.First(Kernels.MostSumShares); panel < share.End(Kernels.MostSumShares); panel++)
            {
                WeightGradient<T, TLanes>.Finish(
                    Kernels.Geometry, Kernels.Forwards, panel, Sums, ChunkStep, Chunks, Scale, Keep, IsBias, Destination);
            }
        }
    }
}
