using System.Diagnostics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Simd;

/// <summary>Says once, as a warning of <see cref="Trace"/>, that there is no fused multiply-add and everything is slow therefore.</summary>
internal static class MissingFma
{
    private static int _said;

    /// <summary>Whether the runtime computes each fused multiply-add by itself, one number at a time.</summary>
    public static bool IsMissing => !Fma.IsSupported && !AdvSimd.IsSupported;

    /// <summary>Writes the warning at the first call in a process, if <see cref="IsMissing"/>.</summary>
    public static void WarnOnce()
    {
        if (!IsMissing || Interlocked.Exchange(ref _said, 1) != 0)
            return;
        Trace.TraceWarning(
            "DeepLearn found no fused multiply-add (FMA). It computes the same results, but one number at a time, some forty times "
            + "slower. Either the processor has none (before Intel's of 2013 and AMD's of 2012), or the program is compiled without it "
            + "(Native AOT: IlcInstructionSet), or a setting switches it off (DOTNET_EnableAVX2=0, DOTNET_EnableHWIntrinsic=0).");
    }
}
