using DeepLearn.Schedules;
using DeepLearn.Testing;

namespace DeepLearn.Tests.Schedules;

/// <summary>A row of the table of schedules.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="Schedule">The schedule.</param>
/// <param name="Least">The least rate of its first steps.</param>
/// <param name="Greatest">The greatest.</param>
/// <param name="Jump">The largest change from one step to the next; infinite where it is meant to jump.</param>
/// <param name="Period">The number of steps after which it repeats itself; 0 for never.</param>
public sealed record ScheduleCase(string Name, LearningRateSchedule Schedule, double Least, double Greatest, double Jump, int Period = 0)
{
    private const double Wave = Math.PI / 2;

    /// <summary>The table. A new schedule joins by a row.</summary>
    public static IReadOnlyList<ScheduleCase> All { get; } =
    [
        new("constant", new ConstantSchedule(0.1), 0.1, 0.1, 0, 1),
        new("triangular", new TriangularSchedule(1e-5, 0.1, 50), 1e-5, 0.1, 0.1 / 50, 100),
        new("triangular2", new Triangular2Schedule(1e-3, 0.1, 40), 1e-3, 0.1, 0.1 / 40),
        new("exponential range", new ExponentialRangeSchedule(1e-3, 0.1, 40, 0.9995), 1e-3, 0.1, 0.1 / 40),
        new("growing triangles", new GrowingTriangularSchedule(0, 0.1, 20), 0, 0.1, 0.1 / 20),
        new("growing triangles, threefold", new GrowingTriangularSchedule(0.01, 0.1, 7, 3), 0.01, 0.1, 0.1 / 7),
        new("annealed maximum", new AnnealedMaximumSchedule(new TriangularSchedule(1e-3, 0.1, 25), 0.7), 1e-3, 0.1, 0.1 / 25),
        new(
            "annealed restarts",
            new AnnealedMaximumSchedule(new CosineWarmRestartsSchedule(0.1, 30, 2, 1e-4), 0.5),
            1e-4,
            0.1,
            double.PositiveInfinity),
        new("one cycle", new OneCycleSchedule(0.1, 300), 0, 0.1, Wave * 0.1 / 89),
        new("one cycle, linear", new OneCycleSchedule(0.1, 300) { Shape = AnnealingShape.Linear, Rise = 0.4 }, 0, 0.1, 0.1 / 119),
        new("one cycle, three phases", new OneCycleSchedule(0.1, 300) { ThreePhases = true, EndDivisor = 100 }, 0, 0.1, Wave * 0.1 / 89),
        new("cosine", new CosineSchedule(0.1, 200, 1e-3), 1e-3, 0.1, Wave * 0.1 / 200),
        new("restarts", new CosineWarmRestartsSchedule(0.1, 60, 1, 1e-3), 1e-3, 0.1, double.PositiveInfinity, 60),
        new("growing restarts", new CosineWarmRestartsSchedule(0.1, 20, 2), 0, 0.1, double.PositiveInfinity),
        new("steps", new StepSchedule(0.1, 100, 0.3), 0, 0.1, double.PositiveInfinity),
        new("exponential", new ExponentialSchedule(0.1, 0.99), 0, 0.1, 0.1 * 0.0100001),
        new("polynomial", new PolynomialSchedule(0.1, 150, 2, 0.01), 0.01, 0.1, 2 * 0.1 / 150),
        new("polynomial, root", new PolynomialSchedule(0.1, 150, 0.5), 0, 0.1, double.PositiveInfinity),
        new("warm-up", new CosineSchedule(0.1, 200).WarmedUp(50, 0.01), 0, 0.1, 0.09 / 50),
        new("sequence", new ConstantSchedule(0.1).Then(30, new ExponentialSchedule(0.1, 0.99)), 0, 0.1, 0.1 * 0.0100001),
    ];

    /// <summary>What the suite may know of it.</summary>
    public ScheduleContractOptions Options => new()
    {
        Least = Least,
        Greatest = Greatest,
        LargestChange = double.IsInfinity(Jump) ? null : Jump,
        Period = Period == 0 ? null : Period,
    };

    public override string ToString() => Name;
}
