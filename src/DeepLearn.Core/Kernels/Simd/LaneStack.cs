using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Simd;

/// <summary>Treats a local variable as memory that a loop can step through.</summary>
internal static class LaneStack
{
    /// <summary>The first number of a local variable. It is valid as long as the variable lives, since the stack does not move.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ref T Element<TLocal, T>(scoped ref TLocal local)
        where TLocal : struct
        where T : unmanaged => ref Unsafe.AsRef<T>(Unsafe.AsPointer(ref local));
}
