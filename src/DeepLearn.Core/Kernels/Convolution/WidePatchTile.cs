using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>Six patches by two vectors: the tile for most shapes.</summary>
internal readonly unsafe struct WidePatchTile<T, TLanes> : IPatchTile<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    public static int Rows => PatchTile<T, TLanes>.Rows;

    public static int Columns => PatchTile<T, TLanes>.Columns;

    public static void Gather(
        T** sources, T** results, T* start, T* panel, int* offsets, int* lengths, int* starts, int segments, bool relu) =>
        PatchTile<T, TLanes>.Gather(sources, results, start, panel, offsets, lengths, starts, segments, relu);
}
