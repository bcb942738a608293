using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Elementwise;

public class DropoutTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(3).Derive("dropout");

    [Property(MaxTest = 60)]
    public void Dropout_drops_an_element_by_the_random_bits_of_its_position(ushort start, ushort length, byte share)
    {
        int n = length % 700;
        double probability = share / 256.0;
        float[] x = KernelRuns.Numbers<float>(n, 1), y = new float[n];
        Dropout.Apply(Key, start, probability, x, y);
        for (int i = 0; i < n; i++)
        {
            long position = start + i;
            uint bits = (uint)(Key.BitsAt(position >> 1) >> ((int)(position & 1) * 32));
            bool dropped = (bits >> 9) < probability * (1 << 23);
            Assert.Equal(dropped ? 0 : x[i] * (float)(1 / (1 - probability)), y[i]);
        }
    }

    [Fact]
    public void Dropout_in_float_and_double_drops_the_same_elements()
    {
        float[] x = new float[3000], y = new float[3000];
        double[] wide = new double[3000], z = new double[3000];
        Array.Fill(x, 1);
        Array.Fill(wide, 1);
        Dropout.Apply(Key, 17, 0.3, x, y);
        Dropout.Apply(Key, 17, 0.3, wide, z);
        Assert.Equal(y.Select(value => value == 0), z.Select(value => value == 0));
        Assert.Equal(0.3, y.Count(value => value == 0) / 3000.0, 0.03);
    }

    [Fact]
    public void Dropout_with_wrong_options_is_refused()
    {
        Assert.Contains("found 1", Assert.Throws<ArgumentOutOfRangeException>(() => Dropout.Apply<float>(Key, 0, 1, [], [])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Dropout.Apply<float>(Key, 0, double.NaN, [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dropout.Apply<float>(Key, -1, 0.5, [], []));
    }
}
