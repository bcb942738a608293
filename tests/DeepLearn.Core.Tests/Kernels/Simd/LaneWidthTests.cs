using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tests.Kernels.Gemm;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Simd;

/// <summary>The one switch that forces a width, for every kernel folder.</summary>
[Collection(Alone.Name)]
public class LaneWidthTests
{
    [Fact]
    public void LaneWidth_forced_twice_restores_the_width_before()
    {
        int before = LaneWidth.Current;
        using (LaneWidth.Force(256))
        {
            using (LaneWidth.Force(1))
                Assert.Equal((1, 1, 1), (LaneWidth.Current, LaneWidth.CurrentForShort, LaneWidth.ForSpan(4096)));
            Assert.Equal((256, 256), (LaneWidth.Current, LaneWidth.CurrentForShort));
        }
        Assert.Equal((before, 0), (LaneWidth.Current, LaneWidth.Forced));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(1024)]
    public void LaneWidth_forced_to_a_width_that_does_not_exist_throws(int width)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LaneWidth.Force(width));
        Assert.Equal(0, LaneWidth.Forced);
    }

    [Fact]
    public void KernelSet_forced_width_chooses_its_kernels()
    {
        foreach (int width in Widths.All)
        {
            using (LaneWidth.Force(width))
            {
                Assert.Equal(
                    (Math.Max(width / 32, 1), Math.Max(width / 64, 1)), (KernelSet<float>.Current.Width, KernelSet<double>.Current.Width));
                Assert.Same(KernelSet<float>.Current, KernelSet<float>.Current);
            }
        }
        Assert.Same(KernelSet<float>.Best, KernelSet<float>.Current);
    }

    [Fact]
    public void MatrixProduct_every_forced_width_gives_the_defined_bits()
    {
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                for (int seed = 0; seed < 8; seed++)
                {
                    var product = new ProductCase<float>(seed, 25, 50, 130);
                    var result = product.NewResult();
                    MatrixProduct.Multiply(product.A, product.B, product.Options, WorkerPool.Single, product.Inner(result));
                    Assert.True(product.IsRight(result), $"{product} at {width} bits");
                }
            });
        }
    }
}
