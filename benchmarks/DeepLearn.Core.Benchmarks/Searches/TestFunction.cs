using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Benchmarks.Searches;

/// <summary>A function whose lowest value is known, to be found by a search.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Space">Where it is searched.</param>
/// <param name="Regret">How far its value is above the lowest one.</param>
internal sealed record TestFunction(string Name, SearchSpace Space, Func<Trial, double> Regret)
{
    private static readonly double[] HartmannWeights = [1, 1.2, 3, 3.2];

    private static readonly double[][] HartmannScales =
    [
        [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
    ];

    private static readonly double[][] HartmannCenters =
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];

    /// <summary>Branin's function, Hartmann's of six dimensions, Rosenbrock's of ten over -5..10.</summary>
    public static IReadOnlyList<TestFunction> All { get; } =
    [
        new("Branin", new SearchSpace(new UniformDimension("x0", -5, 10), new UniformDimension("x1", 0, 15)), Branin),
        new("Hartmann-6", Cube(6, 0, 1), Hartmann),
        new("Rosenbrock-10", Cube(10, -5, 10), Rosenbrock),
    ];

    private static SearchSpace Cube(int dimensions, double low, double high) =>
        new([.. Enumerable.Range(0, dimensions).Select(i => (Dimension)new UniformDimension($"x{i}", low, high))]);

    private static double Branin(Trial trial)
    {
        double x = trial.Value("x0"), y = trial.Value("x1");
        double valley = y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6;
        return (valley * valley) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10 - 0.39788735772973816;
    }

    private static double Hartmann(Trial trial)
    {
        double sum = 3.32236801141551;
        for (int i = 0; i < 4; i++)
        {
            double exponent = 0;
            for (int j = 0; j < 6; j++)
            {
                double distance = trial.Value($"x{j}") - HartmannCenters[i][j];
                exponent += HartmannScales[i][j] * distance * distance;
            }
            sum -= HartmannWeights[i] * Math.Exp(-exponent);
        }
        return sum;
    }

    private static double Rosenbrock(Trial trial)
    {
        double sum = 0;
        for (int i = 0; i < 9; i++)
        {
            double x = trial.Value($"x{i}"), next = trial.Value($"x{i + 1}");
            sum += (100 * (next - (x * x)) * (next - (x * x))) + ((1 - x) * (1 - x));
        }
        return sum;
    }
}
