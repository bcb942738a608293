using DeepLearn.Optimizers;
using DeepLearn.Parameters;

namespace DeepLearn.Tests.Optimizers;

/// <summary>A row of the table of optimizers.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Move">The method by the book, in plain double, for one number: its new value from the old one.</param>
/// <param name="Rate">A rate at which it makes the quadratic of the suite small.</param>
/// <param name="Clip">What is done to all gradients together first; null for nothing.</param>
public sealed record OptimizerCase(
    string Name,
    Optimizer Optimizer,
    OptimizerCase.Rule Move,
    double Rate,
    Action<double[][]>? Clip = null)
{
    /// <param name="w">The value.</param>
    /// <param name="g">The gradient of the cost.</param>
    /// <param name="a">The first thing that is remembered of the number; 0 at first.</param>
    /// <param name="b">The second.</param>
    /// <param name="t">The step, from 1.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decays">Whether the number is a weight.</param>
    public delegate double Rule(double w, double g, ref double a, ref double b, int t, double rate, bool decays);

    /// <summary>The table. A new optimizer joins by a row.</summary>
    public static IReadOnlyList<OptimizerCase> All { get; } =
    [
        new("gradient descent", new Sgd(), Plain, 0.05),
        new(
            "gradient descent with decay",
            new Sgd { WeightDecay = 0.02, DecayAppliesTo = ParameterSelection.All },
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) => w - (rate * g) - (rate * 0.02 * w),
            0.05),
        new(
            "momentum",
            new Sgd { Momentum = 0.9 },
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) => w - (rate * (a = (0.9 * a) + g)),
            0.02),
        new(
            "Nesterov",
            new Sgd { Momentum = 0.9, Nesterov = true, WeightDecay = 0.01 },
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) =>
            {
                a = (0.9 * a) + g;
                return w - (rate * (g + (0.9 * a))) - (decays ? rate * 0.01 * w : 0);
            },
            0.02),
        new(
            "RMSProp",
            new RmsProp { Decay = 0.95 },
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) =>
            {
                a = (0.95 * a) + (0.05 * g * g);
                return w - (rate * g / (Math.Sqrt(a) + 1e-8));
            },
            0.02),
        new(
            "RMSProp with momentum",
            new RmsProp { Momentum = 0.8, Epsilon = 1e-3, WeightDecay = 0.03 },
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) =>
            {
                a = (0.9 * a) + (0.1 * g * g);
                b = (0.8 * b) + (g / (Math.Sqrt(a) + 1e-3));
                return w - (rate * b) - (decays ? rate * 0.03 * w : 0);
            },
            0.005),
        new(
            "Adam",
            new Adam(),
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) =>
                w - (rate * AdamStep(g, ref a, ref b, t, 0.9, 0.999, 1e-8)),
            0.05),
        new(
            "AdamW",
            new AdamW { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6, WeightDecay = 0.1 },
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) =>
                ((decays ? 1 - (rate * 0.1) : 1) * w) - (rate * AdamStep(g, ref a, ref b, t, 0.8, 0.95, 1e-6)),
            0.05),
        new(
            "Lion",
            new Lion { WeightDecay = 0.05 },
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) =>
            {
                double moved = w - (rate * (Math.Sign((0.9 * a) + (0.1 * g)) + (decays ? 0.05 * w : 0)));
                a = (0.99 * a) + (0.01 * g);
                return moved;
            },
            0.02),
        new("clipping by norm", new Sgd().ClippedByNorm(0.7), Plain, 0.15, gradients => ShortenTo(0.7, gradients)),
        new("clipping by value", new Sgd().ClippedByValue(0.3), Plain, 0.05, gradients => ClampTo(0.3, gradients)),
        new(
            "clipping twice before Adam",
            new Adam().ClippedByNorm(0.5).ClippedByValue(0.4),
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) =>
                w - (rate * AdamStep(g, ref a, ref b, t, 0.9, 0.999, 1e-8)),
            0.05,
            gradients =>
            {
                ClampTo(0.4, gradients);
                ShortenTo(0.5, gradients);
            }),
        new(
            "clipping the other way round",
            new Sgd { Momentum = 0.5 }.ClippedByValue(0.2).ClippedByNorm(0.9),
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) => w - (rate * (a = (0.5 * a) + g)),
            0.05,
            gradients =>
            {
                ShortenTo(0.9, gradients);
                ClampTo(0.2, gradients);
            }),
        new(
            "lookahead",
            new Sgd { Momentum = 0.5 }.WithLookahead(3, 0.4),
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) =>
            {
                b = t == 1 ? w : b;
                w -= rate * (a = (0.5 * a) + g);
                return t % 3 == 0 ? b += 0.4 * (w - b) : w;
            },
            0.1),
        new(
            "groups",
            new Sgd { Momentum = 0.9 }.WithRules(
            [
                new(ParameterSelection.Weights) { RateFactor = 0.5, WeightDecay = 0.04 },
                new(new ParameterSelection { Roles = [ParameterRole.Biases] }) { Optimizer = new Adam() },
            ]),
            (double w, double g, ref double a, ref double b, int t, double rate, bool decays) => decays
                ? w - (0.5 * rate * ((a = (0.9 * a) + g) + (0.04 * w)))
                : w - (rate * AdamStep(g, ref a, ref b, t, 0.9, 0.999, 1e-8)),
            0.04),
    ];

    public override string ToString() => Name;

    private static double Plain(double w, double g, ref double a, ref double b, int t, double rate, bool decays) => w - (rate * g);

    private static double AdamStep(double g, ref double m, ref double v, int t, double beta1, double beta2, double epsilon)
    {
        m = (beta1 * m) + ((1 - beta1) * g);
        v = (beta2 * v) + ((1 - beta2) * g * g);
        return m / (1 - Math.Pow(beta1, t)) / (Math.Sqrt(v / (1 - Math.Pow(beta2, t))) + epsilon);
    }

    private static void ShortenTo(double maximum, double[][] gradients)
    {
        double norm = Math.Sqrt(gradients.SelectMany(g => g).Sum(x => x * x));
        foreach (double[] g in gradients)
        {
            for (int i = 0; i < g.Length; i++)
                g[i] = norm > maximum ? g[i] * maximum / norm : g[i];
        }
    }

    private static void ClampTo(double limit, double[][] gradients)
    {
        foreach (double[] g in gradients)
        {
            for (int i = 0; i < g.Length; i++)
                g[i] = Math.Clamp(g[i], -limit, limit);
        }
    }
}
