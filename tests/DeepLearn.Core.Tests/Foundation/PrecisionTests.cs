using System.Numerics;
using DeepLearn.Foundation;
using Xunit;

namespace DeepLearn.Tests.Foundation;

public class PrecisionTests
{
    private static readonly double[] Values =
        [0, -0.0, 1, -1.0 / 3, 1e-310, 1e-46, 1e-40, 16777217, 3.4028235677973366e38, 1e39, -1e300, double.PositiveInfinity, double.NaN];

    [Fact]
    public void Precision_conversions_equal_those_of_the_number_types()
    {
        Check<float>();
        Check<double>();
        Check<Half>();
    }

    private static void Check<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (double value in Values)
        {
            T rounded = T.CreateChecked(value);
            Assert.Equal(rounded, Precision.FromDouble<T>(value));
            Assert.Equal(
                BitConverter.DoubleToInt64Bits(double.CreateChecked(rounded)), BitConverter.DoubleToInt64Bits(Precision.ToDouble(rounded)));
        }
    }
}
