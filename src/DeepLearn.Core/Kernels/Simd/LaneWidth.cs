using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// The vector width of kernels in bits: the best of the processor, unless a test forces a width. This is the only place where a width can
/// be forced; every kernel follows it.
/// </summary>
internal static class LaneWidth
{
    // For the whole process, since the parts of a product run on the threads of a pool. 0: not forced.
    private static int _forced;

    // Properties, so that a compiler that knows the processor sees a constant, under Native AOT too.
    private static int Widest
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 1;
    }

    private static int WidestForShort
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated && Processor.IsZen4 ? 256 : Widest;
    }

    /// <summary>
    /// Whether any kernel may have vectors of 512 bits: a constant to a compiler that knows the processor. Where it is asked after the
    /// width, a program under Native AOT that cannot use kernels of 512 bits has none: that a width is never 512 its compiler does not see.
    /// </summary>
    public static bool Has512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated || Switch.CanForce;
    }

    /// <summary>The width that a test has forced, or 0; for code that is chosen by more than the width.</summary>
    public static int Forced
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _forced != 0 && Switch.CanForce ? _forced : 0;
    }

    /// <summary>The width for most kernels: 512, 256, 128, or 1 for one number at a time.</summary>
    public static int Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _forced != 0 && Switch.CanForce ? _forced : Widest;
    }

    /// <summary>
    /// The width for kernels with few operations per element, whose speed the caches limit. On AMD's Zen 4, which splits vectors of 512
    /// bits into halves, vectors of 256 bits are up to a quarter faster for them; elsewhere vectors of 512 bits are up to a half faster.
    /// </summary>
    public static int CurrentForShort
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _forced != 0 && Switch.CanForce ? _forced : WidestForShort;
    }

    /// <summary>
    /// As <see cref="CurrentForShort"/>, but no wider than a span, so that a kernel needs no incomplete vector. A single number always
    /// fits.
    /// </summary>
    /// <param name="bytes">The length of the span in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ForSpan(nint bytes) =>
        _forced != 0 && Switch.CanForce ? Fitting(_forced, bytes) : Fitting(WidestForShort, bytes);

    /// <summary>How many numbers a vector of a width has; 1 for a width of 1.</summary>
    /// <param name="width">The width in bits, or 1.</param>
    /// <typeparam name="T">The type of the numbers.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe int Lanes<T>(int width)
        where T : unmanaged => width == 1 ? 1 : width / (8 * sizeof(T));

    /// <summary>
    /// For tests: forces one width for every kernel on every thread of the process, whether or not the processor has such vectors.
    /// Disposing of the result restores the previous state. Tests that use it must not run in parallel with others.
    /// </summary>
    /// <param name="width">512, 256, 128, or 1 for one number at a time.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another width.</exception>
    /// <exception cref="InvalidOperationException">The program was built without the kernels of other widths.</exception>
    public static Scope Force(int width)
    {
        if (width is not (1 or 128 or 256 or 512))
            throw new ArgumentOutOfRangeException(nameof(width), width, "A width is 1, 128, 256 or 512 bits.");
        if (!Switch.CanForce)
        {
            throw new InvalidOperationException(
                "DeepLearn.Kernels.CanForceLaneWidth is off: this program was built without the kernels of other widths.");
        }
        var scope = new Scope(_forced);
        _forced = width;
        return scope;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Fitting(int widest, nint bytes)
    {
        if (bytes >= 64 && widest == 512)
            return 512;
        if (bytes >= 32 && widest >= 256)
            return 256;
        return bytes >= 16 && widest >= 128 ? 128 : 1;
    }

    /// <summary>
    /// Whether a width can be forced. The package turns it off for programs under Native AOT (DeepLearn.Core.targets), whose compiler then
    /// leaves out the kernels of widths that the program cannot use. In a class of its own, which is not loaded as long as none is forced.
    /// </summary>
    private static class Switch
    {
        private static readonly bool Value = !AppContext.TryGetSwitch("DeepLearn.Kernels.CanForceLaneWidth", out bool can) || can;

        [FeatureSwitchDefinition("DeepLearn.Kernels.CanForceLaneWidth")]
        public static bool CanForce
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => Value;
        }
    }

    private static class Processor
    {
        /// <summary>Whether it is AMD's Zen 4, which splits vectors of 512 bits into two halves.</summary>
        public static readonly bool IsZen4 = FindZen4();

        private static bool FindZen4()
        {
            if (!X86Base.IsSupported || !Vector512.IsHardwareAccelerated)
                return false;
            (int _, int b, int c, int d) = X86Base.CpuId(0, 0);
            // Family 0x19 is Zen 3 and Zen 4; only Zen 4 has vectors of 512 bits.
            bool amd = (b, d, c) == (0x68747541, 0x69746E65, 0x444D4163); // "Auth", "enti", "cAMD"
            (int signature, _, _, _) = X86Base.CpuId(1, 0);
            int family = ((signature >> 8) & 0xF) + ((signature >> 20) & 0xFF);
            return amd && family == 0x19;
        }
    }

    /// <summary>Restores the previous width when it is disposed of.</summary>
    /// <param name="before">The width forced before, or 0.</param>
    public readonly struct Scope(int before) : IDisposable
    {
        /// <summary>Restores the width that was forced before.</summary>
        public void Dispose() => _forced = before;
    }
}
