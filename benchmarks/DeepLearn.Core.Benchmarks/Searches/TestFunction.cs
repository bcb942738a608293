using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Benchmarks.Searches;

/// <summary>A function with a known minimum, for a search to find.</summary>
/// <param name="Name">The name.</param>
/// <param name="Space">The search space.</param>
/// <param name="Regret">The value less the minimum.</param>
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

    // Shifts the minima of the second half of the functions, so that none is at the center of its space or on a diagonal.
    private static readonly double[] Shift = [0.31, -0.47, 0.12, 0.58, -0.26, 0.44, -0.09, -0.37];

    /// <summary>
    /// Branin's function; Hartmann's in six dimensions; Rosenbrock's in ten, over -5..10; Ackley's in five; Levy's in four; Styblinski and
    /// Tang's in five; a long, rotated ellipsoid in six; a mixed function with choices and conditions;
    /// and one with conditions on conditions.
    /// </summary>
    public static IReadOnlyList<TestFunction> All { get; } =
    [
        new("Branin", new SearchSpace(new UniformDimension("x0", -5, 10), new UniformDimension("x1", 0, 15)), Branin),
        new("Hartmann-6", Cube(6, 0, 1), Hartmann),
        new("Rosenbrock-10", Cube(10, -5, 10), Rosenbrock),
        new("Ackley-5", Cube(5, -1, 1), Ackley),
        new("Levy-4", Cube(4, -10, 10), Levy),
        new("Styblinski-Tang-5", Cube(5, -5, 5), StyblinskiTang),
        new("Ellipsoid-6", Cube(6, -1, 1), Ellipsoid),
        new("Mixed", MixedSpace, Mixed),
        new("Nested", NestedSpace, Nested),
    ];

    private static SearchSpace MixedSpace => new(
        new CategoricalDimension("kind", "a", "b", "c", "d"),
        new LogUniformDimension("rate", 1e-5, 1),
        new IntegerDimension("depth", 1, 8),
        new UniformDimension("momentum", 0, 1).When("kind", "b", "c"),
        new LogIntegerDimension("width", 8, 512).When("depth", 4, 5, 6, 7, 8));

    private static SearchSpace NestedSpace => new(
        new CategoricalDimension("optimizer", "sgd", "adam", "lion"),
        new LogUniformDimension("sgd rate", 1e-4, 1).When("optimizer", "sgd"),
        new CategoricalDimension("momentum", "none", "classical", "Nesterov").When("optimizer", "sgd"),
        new UniformDimension("mass", 0, 0.99).When("momentum", "classical", "Nesterov"),
        new LogUniformDimension("adam rate", 1e-6, 1e-1).When("optimizer", "adam"),
        new UniformDimension("beta", 0.8, 0.999).When("optimizer", "adam"),
        new LogUniformDimension("lion rate", 1e-6, 1e-2).When("optimizer", "lion"),
        new IntegerDimension("layers", 1, 6),
        new LogIntegerDimension("units", 8, 1024));

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

    // Ackley's original range is -32..32.
    private static double Ackley(Trial trial)
    {
        double squares = 0, cosines = 0;
        for (int i = 0; i < 5; i++)
        {
            double x = 32 * (trial.Value($"x{i}") - Shift[i]);
            squares += x * x / 5;
            cosines += Math.Cos(2 * Math.PI * x) / 5;
        }
        return 20 + Math.E - (20 * Math.Exp(-0.2 * Math.Sqrt(squares))) - Math.Exp(cosines);
    }

    private static double Levy(Trial trial)
    {
        double W(int i) => 1 + ((trial.Value($"x{i}") - 1 - (4 * Shift[i])) / 4);
        static double Square(double x) => x * x;
        double sum = Square(Math.Sin(Math.PI * W(0)));
        for (int i = 0; i < 3; i++)
            sum += Square(W(i) - 1) * (1 + (10 * Square(Math.Sin((Math.PI * W(i)) + 1))));
        return sum + (Square(W(3) - 1) * (1 + Square(Math.Sin(2 * Math.PI * W(3)))));
    }

    private static double StyblinskiTang(Trial trial)
    {
        double sum = 5 * 39.16616570377142;
        for (int i = 0; i < 5; i++)
        {
            double x = trial.Value($"x{i}");
            sum += 0.5 * ((x * x * x * x) - (16 * x * x) + (5 * x));
        }
        return sum;
    }

    // Axes of lengths 1 to 1/30, rotated by 30 degrees in each plane of two neighboring coordinates.
    private static double Ellipsoid(Trial trial)
    {
        double[] x = [.. Enumerable.Range(0, 6).Select(i => trial.Value($"x{i}") - Shift[i])];
        for (int i = 0; i < 5; i++)
            (x[i], x[i + 1]) = ((0.8660254037844386 * x[i]) - (0.5 * x[i + 1]), (0.5 * x[i]) + (0.8660254037844386 * x[i + 1]));
        return Enumerable.Range(0, 6).Sum(i => Math.Pow(30, i / 2.5) * x[i] * x[i]);
    }

    // One kind is best, but only with the right momentum; the width exists only for some depths.
    private static double Mixed(Trial trial)
    {
        double rate = Math.Log10(trial.Value("rate")) + 2.3, depth = trial.Integer("depth") - 6;
        double kind = trial.Choice("kind") switch
        {
            "a" => 0.6,
            "b" => 2 * Math.Abs(trial.Value("momentum") - 0.83),
            "c" => 0.3 + (2 * Math.Abs(trial.Value("momentum") - 0.35)),
            _ => 0.9,
        };
        double width = trial.Point.Find("width") is { } found ? Math.Abs(Math.Log2(found.Number) - 6.5) - 0.5 : 2;
        return kind + (0.5 * rate * rate) + (0.1 * depth * depth) + (0.3 * Math.Max(0, width));
    }

    // The best branch is the one that goes deepest: sgd with Nesterov's momentum and a mass of 0.9.
    private static double Nested(Trial trial)
    {
        static double Off(double value, double best) => Math.Abs(Math.Log10(value) - Math.Log10(best));
        double branch = trial.Choice("optimizer") switch
        {
            "adam" => 0.25 + (0.4 * Off(trial.Value("adam rate"), 1e-3)) + (2 * Math.Abs(trial.Value("beta") - 0.9)),
            "lion" => 0.5 + (0.3 * Off(trial.Value("lion rate"), 1e-4)),
            _ => (0.5 * Off(trial.Value("sgd rate"), 0.05)) + (trial.Choice("momentum") switch
            {
                "none" => 0.6,
                "classical" => 0.2 + Math.Abs(trial.Value("mass") - 0.9),
                _ => Math.Abs(trial.Value("mass") - 0.9),
            }),
        };
        double size = Math.Log2(trial.Integer("units")) + (0.5 * trial.Integer("layers")) - 9;
        return branch + (0.05 * size * size) + (0.02 * Math.Abs(trial.Integer("layers") - 3));
    }
}
