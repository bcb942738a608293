using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Simd;

/// <summary>
/// The operations on a vector of lanes belong into the loops of the kernels. Where a kernel grows beyond what the JIT inlines, it makes
/// calls of them without a word, and the kernel takes several times as long.
/// </summary>
public sealed partial class InliningTests
{
    // Once for a span, not once for a vector.
    private static readonly string[] Calls = ["StoreFirst", "LoadFirst"];

    [Theory]
    [InlineData("kernels")]
    [InlineData("products")]
    [InlineData("winograd")]
    [InlineData("training")]
    [InlineData("kernels", false)]
    [InlineData("products", false)]
    [InlineData("winograd", false)]
    [InlineData("training", false)]
    public void Lanes_are_no_calls_in_any_kernel(string probe, bool hasAvx512 = true)
    {
        // Without fused multiply-add every one of them is a call of some length, and said to be slow.
        Assert.SkipUnless(Fma.IsSupported || AdvSimd.Arm64.IsSupported, "This processor has no fused multiply-add.");
        string list = Path.GetTempFileName();
        try
        {
            // Everything is compiled once, and in full. The names of what is compiled are in every release of the runtime.
            ChildProbe.Run(
                probe, ("DOTNET_TieredCompilation", "0"), ("DOTNET_JitDisasmSummary", "1"), ("DOTNET_JitStdOutFile", list),
                ("DOTNET_EnableAVX512", hasAvx512 ? "1" : "0"));
            string[] methods = File.ReadAllLines(list);
            Assert.Contains(methods, method => method.Contains("DeepLearn.Kernels", StringComparison.Ordinal));
            Assert.Empty(methods
                .Select(method => Operation().Match(method))
                .Where(match => match.Success && !Calls.Contains(match.Groups["name"].Value))
                .Select(match => match.Value)
                .Distinct());
        }
        finally
        {
            File.Delete(list);
        }
    }

    [GeneratedRegex(@"DeepLearn\.Kernels\.Simd\.(Lane|LaneMath|Lanes\d+)(`\d)?(\[[^]]*\])?:(?<name>\w+)")]
    private static partial Regex Operation();
}
