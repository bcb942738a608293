using DeepLearn.Kernels;
using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <summary>
/// Finds the layer that computes a function of one number. Exporters write an activation that ONNX has no operator for as several nodes,
/// each in its own way; so it is recognized by its values, not by its nodes.
/// </summary>
internal static class ElementFunctions
{
    /// <summary>Constants in a file have seven digits, or fewer from some exporters.</summary>
    private const double Tolerance = 2e-6, FarTolerance = 1e-3;

    private static readonly double[] Places =
    [
        -30, -12, -8, -6, -5, -4, -3.5, -3, -2.6, -2.2, -1.8, -1.5, -1.2, -1, -0.8, -0.6, -0.4, -0.2, -0.1, -0.01, -1e-3, -1e-4, 0,
        1e-4, 1e-3, 0.01, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.5, 1.8, 2.2, 2.6, 3, 3.5, 4, 5, 6, 8, 12, 30,
    ];

    /// <summary>
    /// Where a function is on its way out, as one with a bound is not: a bound beyond them counts as none. What is infinite here, or no
    /// number, as the powers that some exporters write are, says nothing.
    /// </summary>
    private static readonly double[] FarPlaces = [-1e4, -1e3, -200, -60, 60, 200, 1e3, 1e4];

    private static readonly (Layer Layer, Func<double, double> Function)[] Known =
    [
        (new Relu(), x => Math.Max(0, x)),
        (new Sigmoid(), x => 1 / (1 + Math.Exp(-x))),
        (new Tanh(), Math.Tanh),
        (new Silu(), x => x / (1 + Math.Exp(-x))),
        (new Softplus(), x => Math.Log(1 + Math.Exp(x))),
        (new Gelu(), Gelu),
        (new Gelu(GeluForm.Tanh), TanhGelu),
    ];

    public static double Gelu(double x) => 0.5 * x * (1 + VectorMath.Erf(x * Math.Sqrt(0.5)));

    public static double TanhGelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    /// <summary>The layer that computes a function; null if there is none.</summary>
    public static Layer? TryRecognize(Func<double, double> function)
    {
        double[] values = [.. Places.Select(function)], far = [.. FarPlaces.Select(function)];
        if (!Array.TrueForAll(values, double.IsFinite))
            return null;
        foreach ((Layer layer, Func<double, double> known) in Known)
        {
            if (Agrees(values, far, known))
                return layer;
        }
        double factor = Math.Round(-function(-1), 6);
        if (factor is > 0 and < 1 && Agrees(values, far, x => x > 0 ? x : factor * x))
            return new LeakyRelu(factor);
        double alpha = Math.Round(-function(-30), 6);
        return alpha > 0 && Agrees(values, far, x => x > 0 ? x : alpha * (Math.Exp(x) - 1)) ? new Elu(alpha) : null;
    }

    private static bool Agrees(double[] values, double[] far, Func<double, double> known)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double expected = known(Places[i]);
            if (Math.Abs(values[i] - expected) > Tolerance * (1 + Math.Abs(expected)))
                return false;
        }
        for (int i = 0; i < far.Length; i++)
        {
            double expected = known(FarPlaces[i]);
            if (double.IsFinite(far[i]) && Math.Abs(far[i] - expected) > FarTolerance * (1 + Math.Abs(expected)))
                return false;
        }
        return true;
    }
}
