using System.Numerics;
using DeepLearn.Kernels;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels;

public class SpecialCaseTests
{
    [Fact]
    public void VectorMath_special_values_in_float_are_those_of_the_standard() => Check<float>(float.MaxValue, 89, -104, float.Epsilon);

    [Fact]
    public void VectorMath_special_values_in_double_are_those_of_the_standard() =>
        Check<double>(double.MaxValue, 710, -746, double.Epsilon);

    [Fact]
    public void Pow_of_special_values_has_the_documented_results()
    {
        Assert.Equal(1, VectorMath.Pow(double.NaN, 0));
        Assert.Equal(1, VectorMath.Pow(1, double.NaN));
        Assert.Equal(0, VectorMath.Pow(0, 2));
        Assert.Equal(double.PositiveInfinity, VectorMath.Pow(0, -2));
        Assert.Equal(double.NaN, VectorMath.Pow(-2, 2));
        Assert.Equal(double.NaN, VectorMath.Pow(double.NaN, 1));
        Assert.Equal(0, VectorMath.Pow(0.5, double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, VectorMath.Pow(0.5, double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, VectorMath.Pow(2, 1024));
        Assert.Equal(0, VectorMath.Pow(2, -1080));
        Assert.Equal(double.Epsilon, VectorMath.Pow(2, -1074));
        Assert.Equal(1024, VectorMath.Pow(2, 10));
        Assert.Equal(0.125, VectorMath.Pow(4, -1.5));
        Assert.Equal(double.PositiveInfinity, VectorMath.Pow(double.PositiveInfinity, 0.1));
        Assert.Equal(0, VectorMath.Pow(double.PositiveInfinity, -0.1));
    }

    [Fact]
    public void Pow_at_the_ends_of_the_range_has_the_documented_results()
    {
        double infinity = double.PositiveInfinity, nan = double.NaN, least = double.Epsilon, greatest = double.MaxValue;
        foreach (double x in (double[])[0, -0.0, 1, -1, -2, least, greatest, infinity, -infinity, nan])
        {
            Assert.Equal(1, VectorMath.Pow(x, 0));
            Assert.Equal(1, VectorMath.Pow(x, -0.0));
            Assert.Equal(1, VectorMath.Pow(1, x));
        }
        foreach (double y in (double[])[least, 0.5, 1, 3, greatest, infinity])
        {
            // +0, whatever the sign of the zero.
            foreach (double zero in (double[])[0, -0.0])
            {
                Assert.Equal(Bits.Of(0.0), Bits.Of(VectorMath.Pow(zero, y)));
                Assert.Equal(infinity, VectorMath.Pow(zero, -y));
            }
            Assert.Equal(infinity, VectorMath.Pow(infinity, y));
            Assert.Equal(Bits.Of(0.0), Bits.Of(VectorMath.Pow(infinity, -y)));
            Assert.All((double[])[-least, -1, -2, -greatest, -infinity, nan], x => Assert.Equal(nan, VectorMath.Pow(x, y)));
            Assert.All((double[])[-least, -1, -2, -greatest, -infinity, nan], x => Assert.Equal(nan, VectorMath.Pow(x, -y)));
        }
        foreach ((double below, double above) in ((double, double)[])[(least, greatest), (Math.BitDecrement(1), Math.BitIncrement(1))])
        {
            Assert.Equal(Bits.Of(0.0), Bits.Of(VectorMath.Pow(below, infinity)));
            Assert.Equal(infinity, VectorMath.Pow(below, -infinity));
            Assert.Equal(infinity, VectorMath.Pow(above, infinity));
            Assert.Equal(Bits.Of(0.0), Bits.Of(VectorMath.Pow(above, -infinity)));
        }
        Assert.All((double[])[0, least, 0.5, 2, greatest, infinity], x => Assert.Equal(nan, VectorMath.Pow(x, nan)));
    }

    [Fact]
    public void SinAndCos_of_special_values_have_the_documented_results()
    {
        Assert.Equal(Bits.Of(-0.0), Bits.Of(VectorMath.Sin(-0.0)));
        Assert.Equal(1, VectorMath.Cos(0));
        Assert.Equal(double.NaN, VectorMath.Cos(double.PositiveInfinity));
        Assert.Equal(double.NaN, VectorMath.Sin(double.NaN));
        Assert.Equal(double.NaN, VectorMath.Sin(2e9));
        Assert.Equal(double.Epsilon, VectorMath.Sin(double.Epsilon));
        Assert.Equal(Bits.Of(0.0), Bits.Of(VectorMath.Sin(0)));
        Assert.Equal(-double.Epsilon, VectorMath.Sin(-double.Epsilon));
        double[] ones = [-0.0, double.Epsilon, -double.Epsilon];
        Assert.All(ones, x => Assert.Equal(1, VectorMath.Cos(x)));

        // 2^30 is an angle yet, and no more.
        const double Farthest = 1 << 30;
        Assert.All((double[])[Farthest, -Farthest], x => Assert.False(double.IsNaN(VectorMath.Sin(x)) || double.IsNaN(VectorMath.Cos(x))));
        double[] beyond = [Math.BitIncrement(Farthest), double.MaxValue, double.PositiveInfinity, double.NaN];
        foreach (double x in (double[])[.. beyond, .. beyond.Select(x => -x)])
        {
            Assert.Equal(double.NaN, VectorMath.Sin(x));
            Assert.Equal(double.NaN, VectorMath.Cos(x));
        }
    }

    private static void Check<T>(T greatest, int overflow, int underflow, T least)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T infinity = T.PositiveInfinity, nan = T.NaN, one = T.One, zero = T.Zero, minusZero = T.NegativeZero,
        half = T.One / (T.One + T.One);
        Func<T, T>[] all =
        [
            VectorMath.Exp, VectorMath.Expm1, VectorMath.Log, VectorMath.Log1p, VectorMath.Tanh, VectorMath.Sigmoid, VectorMath.Softplus,
            VectorMath.Erf,
        ];
        Assert.All(all, f => Assert.True(T.IsNaN(f(nan)) && T.IsNaN(f(-nan))));
        Expect(VectorMath.Exp, (infinity, infinity), (-infinity, zero), (zero, one), (minusZero, one), (greatest, infinity), (least, one));
        Expect(VectorMath.Exp, (-greatest, zero), (T.CreateChecked(overflow), infinity), (T.CreateChecked(underflow), zero), (-least, one));
        Expect(VectorMath.Expm1, (infinity, infinity), (-infinity, -one), (zero, zero), (minusZero, minusZero), (least, least));
        Expect(VectorMath.Expm1, (-least, -least), (greatest, infinity), (-greatest, -one), (T.CreateChecked(overflow), infinity));
        Expect(VectorMath.Log, (infinity, infinity), (-infinity, nan), (-one, nan), (zero, -infinity), (minusZero, -infinity), (one, zero));
        Expect(VectorMath.Log, (-least, nan), (-greatest, nan));
        Expect(VectorMath.Log1p, (infinity, infinity), (-infinity, nan), (-one, -infinity), (zero, zero), (minusZero, minusZero));
        Expect(VectorMath.Log1p, (least, least), (-least, -least), (-(one + one), nan), (T.BitDecrement(-one), nan), (-greatest, nan));
        Expect(VectorMath.Tanh, (infinity, one), (-infinity, -one), (zero, zero), (minusZero, minusZero), (least, least), (greatest, one));
        Expect(VectorMath.Tanh, (-least, -least), (-greatest, -one));
        Expect(VectorMath.Sigmoid, (infinity, one), (-infinity, zero), (zero, half), (minusZero, half), (greatest, one), (-greatest, zero));
        Expect(VectorMath.Sigmoid, (least, half), (-least, half));
        Expect(VectorMath.Softplus, (infinity, infinity), (-infinity, zero), (greatest, greatest), (-greatest, zero));
        Expect(VectorMath.Erf, (infinity, one), (-infinity, -one), (zero, zero), (minusZero, minusZero), (greatest, one));
        Expect(VectorMath.Erf, (least, least), (-least, -least), (-greatest, -one));
    }

    private static void Expect<T>(Func<T, T> f, params (T X, T Y)[] cases)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((T x, T y) in cases)
            Assert.True(Bits.Of(y) == Bits.Of(f(x)), $"{f.Method.Name}({x:R}) = {f(x):R}, not {y:R}");
    }
}
