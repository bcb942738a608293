using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Simd;

public sealed class MissingFmaTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX2", "0", 1)] // the runtime's switch for AVX2 takes FMA with it
    [InlineData("DOTNET_EnableHWIntrinsic", "0", 1)]
    [InlineData("DOTNET_EnableAVX512", "0", 0)]
    public void MatrixProduct_without_FMA_warns_once_in_a_process(string setting, string value, int warnings)
    {
        if (AdvSimd.IsSupported && setting != "DOTNET_EnableHWIntrinsic")
            warnings = 0;
        else if (!Fma.IsSupported && !AdvSimd.IsSupported)
            warnings = 1;
        Assert.Equal(warnings.ToString(CultureInfo.InvariantCulture), ChildProbe.Run("missing fma", (setting, value)));
    }

    /// <summary>How often a product in float and one in double warn of missing FMA.</summary>
    internal static string WarningsOfTwoProducts()
    {
        using var text = new StringWriter();
        using var listener = new TextWriterTraceListener(text);
        Trace.Listeners.Add(listener);
        Multiply<float>();
        Multiply<double>();
        listener.Flush();
        return (text.ToString().Split("fused multiply-add").Length - 1).ToString(CultureInfo.InvariantCulture);
    }

    private static void Multiply<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        MatrixProduct.Multiply<T>(new Matrix<T>(2, 2), new Matrix<T>(2, 2), new(), WorkerPool.Single, new Matrix<T>(2, 2));
}
