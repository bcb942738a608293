using DeepLearn.Kernels.Elementwise;
using Xunit;

namespace DeepLearn.Tests.Kernels.Elementwise;

/// <summary>
/// Far from zero, in float, beside double arithmetic: what is small there is small, not 0. Where a function saturates at a number other
/// than 0, its derivative is made of its value, as everywhere in the field, and is right to the last place of 1.
/// </summary>
public class ActivationTailTests
{
    private static readonly float[] Far = [.. Enumerable.Range(0, 800).Select(i => -i / 10f)];

    [Fact]
    public void Elu_derivative_far_below_zero_is_relatively_right() => Relative(
        (x, d) => Activations.EluBackward<float>(x, Ones(x), 1.5f, d), x => 1.5 * Math.Exp(x));

    [Fact]
    public void Softplus_and_its_derivative_far_below_zero_are_relatively_right()
    {
        Relative((x, y) => Activations.Softplus<float>(x, y), x => Math.Log(1 + Math.Exp(x)) is var y and > 1e-6 ? y : Math.Exp(x));
        Relative((x, d) => Activations.SoftplusBackward<float>(x, Ones(x), d), x => 1 / (1 + Math.Exp(-x)));
    }

    [Fact]
    public void Sigmoid_and_its_derivative_far_below_zero_are_relatively_right()
    {
        Relative((x, y) => Activations.Sigmoid<float>(x, y), x => 1 / (1 + Math.Exp(-x)));
        Relative(
            (x, d) =>
            {
                var y = new float[x.Length];
                Activations.Sigmoid<float>(x, y);
                Activations.SigmoidBackward<float>(y, Ones(x), d);
            },
            x => Math.Exp(-x) / Math.Pow(1 + Math.Exp(-x), 2));
    }

    [Fact]
    public void Silu_far_below_zero_is_relatively_right() => Relative(
        (x, y) => Activations.Silu<float>(x, y), x => x / (1 + Math.Exp(-x)));

    [Fact]
    public void Saturated_derivatives_are_right_to_the_last_place_of_1()
    {
        Absolute((x, y) => Activations.Tanh<float>(x, y), (y, d) => Activations.TanhBackward<float>(y, Ones(y), d), true,
            x => 1 - Math.Pow(Math.Tanh(x), 2));
        Absolute((x, y) => Activations.Sigmoid<float>(x, y), (y, d) => Activations.SigmoidBackward<float>(y, Ones(y), d), true,
            x => Math.Exp(-Math.Abs(x)) / Math.Pow(1 + Math.Exp(-Math.Abs(x)), 2));
        // x (1 - sigmoid(x)): the last place of 1 - sigmoid, times x, until it is 0 near 17.
        Absolute((x, y) => Activations.Silu<float>(x, y), (x, d) => Activations.SiluBackward<float>(x, Ones(x), d), false, places: 17,
            exact: x =>
            {
                double s = 1 / (1 + Math.Exp(-x));
                return s * (1 + (x * (1 - s)));
            });
    }

    private static float[] Ones(ReadOnlySpan<float> x) => [.. Enumerable.Repeat(1f, x.Length)];

    private static void Relative(Action<float[], float[]> f, Func<double, double> exact)
    {
        var found = new float[Far.Length];
        f(Far, found);
        for (int i = 0; i < found.Length; i++)
        {
            double expected = exact(Far[i]);
            bool isRight = Math.Abs(found[i] - expected) <= 2e-6 * Math.Abs(expected);
            Assert.True(isRight, $"at {Far[i]}: expected {expected:g9}, found {found[i]:g9}");
        }
    }

    private static void Absolute(
        Action<float[], float[]> f, Action<float[], float[]> derivative, bool readsOutput, Func<double, double> exact, int places = 8)
    {
        float[] x = [.. Far, .. Far.Select(number => -number)];
        float[] y = new float[x.Length], found = new float[x.Length];
        f(x, y);
        derivative(readsOutput ? y : x, found);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(exact(x[i]), found[i], places * Math.Pow(2, -24));
    }
}
