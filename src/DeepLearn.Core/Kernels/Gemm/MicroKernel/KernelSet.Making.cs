using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.MicroKernel;

// How the sets are made, and how a kernel is added to its set when it is first used.
internal sealed unsafe partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes every set, the widest first. Each computes the same bits, even on hardware without its instructions.</summary>
    public static KernelSet<T>[] CreateAll() => [Create512(), Create256(), Create128(), CreateScalar()];

    private static KernelSet<T> Choose()
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.VL.IsSupported)
            return Create512();
        if (Vector256.IsHardwareAccelerated && Fma.IsSupported)
            return Create256();
        if (Vector128.IsHardwareAccelerated && (Fma.IsSupported || AdvSimd.IsSupported))
            return Create128();
        MissingFma.WarnOnce();
        return CreateScalar();
    }

    // 32 registers: 24 accumulators leave room for a row of B and an element of A.
    private static KernelSet<T> Create512() =>
        Create<Lanes512<T>, Vector512<T>, Lanes256<T>, Vector256<T>, SharedEdge512<T>>("512", true, 3, [0, 8, 8, 8, 6, 2, 2, 2, 2]);

    // 16 registers: 12 accumulators. Two rows of six vectors need three more.
    private static KernelSet<T> Create256() =>
        Create<Lanes256<T>, Vector256<T>, Lanes256<T>, Vector256<T>, NoSharedEdge<T, Lanes256<T>>>(
            "256", false, 2, [0, 8, 6, 4, 2, 2, 2, 1, 1]);

    // 32 registers, as NEON has.
    private static KernelSet<T> Create128() =>
        Create<Lanes128<T>, Vector128<T>, Lanes128<T>, Vector128<T>, NoSharedEdge<T, Lanes128<T>>>(
            "128", false, 3, [0, 8, 8, 8, 2, 2, 2, 2, 2]);

    private static KernelSet<T> CreateScalar() =>
        Create<Lane<T>, T, Lane<T>, T, NoSharedEdge<T, Lane<T>>>("scalar", false, 2, [0, 8, 6, 4, 2, 2, 2, 1, 1]);

    private static KernelSet<T> Create<TLanes, TMask, TNarrow, TNarrowMask, TShared>(
        string name, bool narrowEdges, int panelVectors, int[] mrByVectors)
        where TLanes : unmanaged, IEdgeLanes<TLanes, T, TMask>
        where TMask : unmanaged
        where TNarrow : unmanaged, IEdgeLanes<TNarrow, T, TNarrowMask>
        where TNarrowMask : unmanaged
        where TShared : unmanaged, ISharedEdge<T, TLanes> =>
        new(
            name, TLanes.Count, narrowEdges, TShared.Columns, panelVectors, mrByVectors,
            &Load<TLanes, TMask, TNarrow, TNarrowMask, TShared>);

    /// <summary>
    /// Adds the kernels of all heights for a number of vectors and an edge. They are added on demand, since loading the types of all
    /// kernels takes longer than a small network's first training step, and few are ever used.
    /// </summary>
    private static void Load<TLanes, TMask, TNarrow, TNarrowMask, TShared>(KernelSet<T> set, int vectors, Edge edge)
        where TLanes : unmanaged, IEdgeLanes<TLanes, T, TMask>
        where TMask : unmanaged
        where TNarrow : unmanaged, IEdgeLanes<TNarrow, T, TNarrowMask>
        where TNarrowMask : unmanaged
        where TShared : unmanaged, ISharedEdge<T, TLanes>
    {
        switch (edge, vectors)
        {
            case (Edge.None, 1):
                Add<TLanes, Lane<T>, T, NoSharedEdge<T, TLanes>, Count1>(set, edge);
                break;
            case (Edge.None, 2):
                Add<TLanes, Lane<T>, T, NoSharedEdge<T, TLanes>, Count2>(set, edge);
                break;
            case (Edge.None, 3):
                Add<TLanes, Lane<T>, T, NoSharedEdge<T, TLanes>, Count3>(set, edge);
                break;
            case (Edge.Wide, 0):
                Add<TLanes, TLanes, TMask, NoSharedEdge<T, TLanes>, Count0>(set, edge);
                break;
            case (Edge.Wide, 1):
                Add<TLanes, TLanes, TMask, NoSharedEdge<T, TLanes>, Count1>(set, edge);
                break;
            case (Edge.Wide, 2):
                Add<TLanes, TLanes, TMask, NoSharedEdge<T, TLanes>, Count2>(set, edge);
                break;
            case (Edge.Wide, 3):
                Add<TLanes, TLanes, TMask, NoSharedEdge<T, TLanes>, Count3>(set, edge);
                break;
            case (Edge.Narrow, 0):
                Add<TLanes, TNarrow, TNarrowMask, NoSharedEdge<T, TLanes>, Count0>(set, edge);
                break;
            case (Edge.Narrow, 1):
                Add<TLanes, TNarrow, TNarrowMask, NoSharedEdge<T, TLanes>, Count1>(set, edge);
                break;
            case (Edge.Narrow, 2):
                Add<TLanes, TNarrow, TNarrowMask, NoSharedEdge<T, TLanes>, Count2>(set, edge);
                break;
            case (Edge.Narrow, 3):
                Add<TLanes, TNarrow, TNarrowMask, NoSharedEdge<T, TLanes>, Count3>(set, edge);
                break;
            case (Edge.None, 4):
                AddWide<TLanes, Lane<T>, T, NoSharedEdge<T, TLanes>, Count4>(set, edge);
                break;
            case (Edge.None, 5):
                AddWide<TLanes, Lane<T>, T, NoSharedEdge<T, TLanes>, Count5>(set, edge);
                break;
            case (Edge.None, 6):
                AddWide<TLanes, Lane<T>, T, NoSharedEdge<T, TLanes>, Count6>(set, edge);
                break;
            case (Edge.None, 7):
                AddWide<TLanes, Lane<T>, T, NoSharedEdge<T, TLanes>, Count7>(set, edge);
                break;
            case (Edge.None, 8):
                AddWide<TLanes, Lane<T>, T, NoSharedEdge<T, TLanes>, Count8>(set, edge);
                break;
            case (Edge.Wide, 4):
                AddWide<TLanes, TLanes, TMask, NoSharedEdge<T, TLanes>, Count4>(set, edge);
                break;
            case (Edge.Wide, 5):
                AddWide<TLanes, TLanes, TMask, NoSharedEdge<T, TLanes>, Count5>(set, edge);
                break;
            case (Edge.Wide, 6):
                AddWide<TLanes, TLanes, TMask, NoSharedEdge<T, TLanes>, Count6>(set, edge);
                break;
            case (Edge.Wide, 7):
                AddWide<TLanes, TLanes, TMask, NoSharedEdge<T, TLanes>, Count7>(set, edge);
                break;
            case (Edge.Narrow, 4):
                AddWide<TLanes, TNarrow, TNarrowMask, NoSharedEdge<T, TLanes>, Count4>(set, edge);
                break;
            case (Edge.Narrow, 5):
                AddWide<TLanes, TNarrow, TNarrowMask, NoSharedEdge<T, TLanes>, Count5>(set, edge);
                break;
            case (Edge.Narrow, 6):
                AddWide<TLanes, TNarrow, TNarrowMask, NoSharedEdge<T, TLanes>, Count6>(set, edge);
                break;
            case (Edge.Narrow, 7):
                AddWide<TLanes, TNarrow, TNarrowMask, NoSharedEdge<T, TLanes>, Count7>(set, edge);
                break;
            case (Edge.Shared, 1):
                Add<TLanes, Lane<T>, T, TShared, Count1>(set, edge);
                break;
            case (Edge.Shared, 2):
                Add<TLanes, Lane<T>, T, TShared, Count2>(set, edge);
                break;
            case (Edge.Shared, 3):
                Add<TLanes, Lane<T>, T, TShared, Count3>(set, edge);
                break;
            default:
                throw new UnreachableException($"No kernel has {vectors} vectors and the edge {edge}.");
        }
    }

    private static void Add<TLanes, TEdge, TMask, TShared, TVectors>(KernelSet<T> set, Edge edge)
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TEdge : unmanaged, IEdgeLanes<TEdge, T, TMask>
        where TMask : unmanaged
        where TShared : unmanaged, ISharedEdge<T, TLanes>
        where TVectors : unmanaged
    {
        // This takes only the address; a kernel is compiled when it is first called.
        int vectors = sizeof(TVectors) - 1;
        set._kernels[Index(1, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count1, TVectors>.Run;
        set._kernels[Index(2, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count2, TVectors>.Run;
        set._kernels[Index(3, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count3, TVectors>.Run;
        set._kernels[Index(4, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count4, TVectors>.Run;
        set._kernels[Index(5, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count5, TVectors>.Run;
        set._kernels[Index(6, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count6, TVectors>.Run;
        set._kernels[Index(7, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count7, TVectors>.Run;
        set._kernels[Index(8, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count8, TVectors>.Run;
    }

    /// <summary>Adds the kernels of one and two rows, for more vectors than higher tiles have.</summary>
    private static void AddWide<TLanes, TEdge, TMask, TShared, TVectors>(KernelSet<T> set, Edge edge)
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TEdge : unmanaged, IEdgeLanes<TEdge, T, TMask>
        where TMask : unmanaged
        where TShared : unmanaged, ISharedEdge<T, TLanes>
        where TVectors : unmanaged
    {
        int vectors = sizeof(TVectors) - 1;
        set._kernels[Index(1, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count1, TVectors>.Run;
        set._kernels[Index(2, vectors, edge)] = &Tile<T, TLanes, TEdge, TMask, TShared, Count2, TVectors>.Run;
    }
}
