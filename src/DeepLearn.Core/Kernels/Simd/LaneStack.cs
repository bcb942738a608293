using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Simd;

/// <summary>Local variables as memory that a loop can walk over.</summary>
internal static class LaneStack
{
    /// <summary>The first number of a local variable, for as long as the variable lives: the stack does not move.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ref T Element<TLocal, T>(scoped ref TLocal local)
        where TLocal : struct
        where T : unmanaged => ref Unsafe.AsRef<T>(Unsafe.AsPointer(ref local));
}
