using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Elementwise;

public class ArithmeticTests
{
    [Fact]
    public void Arithmetic_operations_equal_their_formulas_bit_for_bit()
    {
        const int N = 77;
        float[] x = KernelRuns.Numbers<float>(N, 1, specials: true), y = KernelRuns.Numbers<float>(N, 2, specials: true);
        float[] z = KernelRuns.Numbers<float>(N, 3, specials: true);
        Check("add", to => Arithmetic.Add<float>(x, y, to), i => x[i] + y[i]);
        Check("subtract", to => Arithmetic.Subtract<float>(x, y, to), i => x[i] - y[i]);
        Check("multiply", to => Arithmetic.Multiply<float>(x, y, to), i => x[i] * y[i]);
        Check("divide", to => Arithmetic.Divide<float>(x, y, to), i => x[i] / y[i]);
        Check("multiply-add", to => Arithmetic.MultiplyAdd<float>(x, y, z, to), i => MathF.FusedMultiplyAdd(x[i], y[i], z[i]));
        Check("scale", to => Arithmetic.Scale(x, 0.3f, to), i => 0.3f * x[i]);
        Check("add scaled", to => Arithmetic.AddScaled(x, 0.3f, to), i => MathF.FusedMultiplyAdd(0.3f, x[i], z[i]));
        Check("blend", to => Arithmetic.Blend(x, 0.3f, y, 0.7f, to), i => MathF.FusedMultiplyAdd(0.3f, x[i], 0.7f * y[i]));
        Check("clamp", to => Arithmetic.Clamp(x, -1f, 0.5f, to), i => x[i] < -1 ? -1 : x[i] > 0.5f ? 0.5f : x[i]);
        Check("abs", to => Arithmetic.Abs<float>(x, to), i => MathF.Abs(x[i]));
        Check("negate", to => Arithmetic.Negate<float>(x, to), i => -x[i]);
        Check("sign", to => Arithmetic.Sign<float>(x, to), i => x[i] > 0 ? 1 : x[i] < 0 ? -1 : x[i]);
        Check("square", to => Arithmetic.Square<float>(x, to), i => x[i] * x[i]);
        Check("square root", to => Arithmetic.SquareRoot<float>(x, to), i => MathF.Sqrt(x[i]));

        void Check(string what, Action<float[]> kernel, Func<int, float> formula)
        {
            float[] to = [.. z];
            kernel(to);
            Bits.AssertSame<float>(Enumerable.Range(0, N).Select(formula).ToArray(), to, what);
        }
    }

    [Fact]
    public void RowArithmetic_applies_its_row_to_every_row()
    {
        Matrix<double> x = Matrix<double>.FromArray(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        RowArithmetic.Add([10, 20, 30], x.View);
        Assert.Equal([11, 22, 33, 14, 25, 36], x.AsSpan());
        RowArithmetic.ScaleAndShift<double>(x.View, [2, 3, 4], [-1, -2, -3], x.View);
        Assert.Equal([21, 64, 129, 27, 73, 141], x.AsSpan());
        RowArithmetic.Standardize<double>(x.View, [1, 4, 9], [0.5, 2, 0.25], x.View);
        Assert.Equal([10, 120, 30, 13, 138, 33], x.AsSpan());
        Assert.Contains("3 columns", Assert.Throws<ArgumentException>(() => RowArithmetic.Add([1.0, 2], x.View)).Message);
    }

    [Fact]
    public void ByteConversion_Convert_is_one_fused_multiply_add_a_byte()
    {
        foreach (int length in (int[])[0, 1, 7, 16, 31, 256, 1000])
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
            float[] scale = KernelRuns.Numbers<float>(length, 1), offset = KernelRuns.Numbers<float>(length, 2), to = new float[length];
            ByteConversion.Convert<float>(bytes, scale, offset, to);
            for (int i = 0; i < length; i++)
                Assert.Equal(MathF.FusedMultiplyAdd(bytes[i], scale[i], offset[i]), to[i]);
            ByteConversion.Convert(bytes, 2f, -1f, to);
            for (int i = 0; i < length; i++)
                Assert.Equal((2f * bytes[i]) - 1, to[i]);
        }
    }
}
