using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// NSGA-II, a genetic algorithm for several objectives, with bounds: new points are crossed and mutated from a population that keeps what
/// no other trial dominates, and of that what is far from its neighbors. For the whole front of good compromises, over some hundreds of
/// trials.
/// </summary>
/// <remarks>
/// <para>
/// Deb, Pratap, Agarwal and Meyarivan, "A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II", 2002, with its domination under
/// constraints; simulated binary crossover and polynomial mutation after Deb and Agrawal, "Simulated Binary Crossover for Continuous Search
/// Space", 1995. The objectives are <see cref="HyperparameterSearch.Objectives"/> beside the score.
/// </para>
/// <para>
/// Departures: everything is on the scale of positions. A generation is the next <c>Population</c> trials by number; a trial has its
/// parents in the latest population that follows from the whole generations that it may see. Choices are taken from one of the parents, and
/// drawn anew by mutation; so is a dimension with a condition that neither parent has. A child that was tried already is mutated further.
/// </para>
/// </remarks>
/// <example><code>
/// var search = new SingleStageSearch(space, trials: 20)
/// {
///     Sampler = new NsgaSampler { Population = 10 },
///     Objectives = [new SearchObjective("size", SearchDirection.Minimize)],
/// };
/// SearchResult found = search.Run((trial, context, cancellation) =>
///     new(-trial.Value("lambda")) { Metrics = [new("size", trial.Value("units"))] });
/// foreach (TrialResult trial in found.ParetoFront)
///     Console.WriteLine(trial.Trial.Point);    // none is better in both
/// </code></example>
public sealed record NsgaSampler : Sampler
{
    private const int MostAttempts = 20;

    /// <summary>The number of trials of a generation, and of the population, at least 4. Default: 40.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 4.</exception>
    public int Population
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 4);
            field = value;
        }
    } = 40;

    /// <summary>The probability that a child has two parents and not one, in 0..1. Default: 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double CrossoverProbability
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A probability is in 0..1.");
    } = 0.9;

    /// <summary>How near children are to their parents, at least 0: larger is nearer. Default: 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Nearness
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The nearness of children is finite and at least 0.");
    } = 10;

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"NSGA-II, population {Population}, crossover {CrossoverProbability:R}, nearness {Nearness:R}");

    /// <inheritdoc/>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        NsgaGenerations generations = request.History.Cache(
            (this, request.Space, request.Goals), () => new NsgaGenerations(Population, request.Space, request.Goals));
        if (generations.At(request.History) is not { } population)
            return new RandomSampler().Sample(request);
        RandomStream random = request.Key.Derive("NSGA-II").Open();
        double[] child = Cross(request.Space, population, ref random);
        double rate = 1.0 / child.Length;
        for (int attempt = 0; ; attempt++)
        {
            Mutate(request.Space, child, rate, ref random);
            SearchPoint point = request.Space.Point(dimension => dimension.At(child[request.Space.Dimensions.AsSpan().IndexOf(dimension)]));
            if (attempt == MostAttempts || !generations.Contains(request.History, point))
                return point;
            rate = Math.Min(1, 2 * rate);
        }
    }

    private static double[] Tournament(NsgaPopulation population, ref RandomStream random)
    {
        int first = random.NextIndex(population.Count), second = random.NextIndex(population.Count);
        return population.PositionsOf(population.IsBetter(second, first) ? second : first);
    }

    private double[] Cross(SearchSpace space, NsgaPopulation population, ref RandomStream random)
    {
        double[] mother = Tournament(population, ref random), father = Tournament(population, ref random);
        bool crosses = random.NextUniform() < CrossoverProbability;
        var child = new double[mother.Length];
        for (int i = 0; i < child.Length; i++)
        {
            double u = random.NextUniform(), side = random.NextUniform(), spare = random.NextUniform();
            (double a, double b) = (mother[i], father[i]);
            if (double.IsNaN(a) || double.IsNaN(b))
                child[i] = !double.IsNaN(a) ? a : !double.IsNaN(b) ? b : spare;
            else if (!crosses)
                child[i] = a;
            else if (space.Dimensions[i] is CategoricalDimension || u >= 0.999999)
                child[i] = side < 0.5 ? a : b;
            else
            {
                double spread = VectorMath.Pow(u <= 0.5 ? 2 * u : 1 / (2 * (1 - u)), 1 / (Nearness + 1));
                spread = side < 0.5 ? spread : -spread;
                child[i] = Math.Clamp(0.5 * (a + b + (spread * (a - b))), 0, 1);
            }
        }
        return child;
    }

    private void Mutate(SearchSpace space, double[] child, double rate, ref RandomStream random)
    {
        for (int i = 0; i < child.Length; i++)
        {
            double whether = random.NextUniform(), u = random.NextUniform();
            if (whether >= rate)
                continue;
            if (space.Dimensions[i] is CategoricalDimension)
            {
                child[i] = u;
                continue;
            }

            // Polynomial mutation within bounds.
            double x = child[i], power = Nearness + 1;
            double step = u < 0.5
                ? VectorMath.Pow((2 * u) + ((1 - (2 * u)) * VectorMath.Pow(1 - x, power)), 1 / power) - 1
                : 1 - VectorMath.Pow((2 * (1 - u)) + ((2 * (u - 0.5)) * VectorMath.Pow(x, power)), 1 / power);
            child[i] = Math.Clamp(x + step, 0, 1);
        }
    }
}
