using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Simd;

/// <summary>Lanes on the stack as memory that a loop can walk over.</summary>
internal static class LaneStack
{
    /// <summary>The first number of a local variable, for as long as the variable lives: the stack does not move.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ref T Element<TLanes, T>(scoped ref TLanes local)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ref Unsafe.AsRef<T>(Unsafe.AsPointer(ref local));
}
