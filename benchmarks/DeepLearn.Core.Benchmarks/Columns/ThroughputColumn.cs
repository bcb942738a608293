using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Columns;

/// <summary>What a throughput column shows.</summary>
internal enum ThroughputKind
{
    /// <summary>10^9 floating-point operations a second.</summary>
    Operations,

    /// <summary>The operations as a share of the FMA peak of as many cores, which is measured when the table is made.</summary>
    ShareOfPeak,

    /// <summary>10^9 bytes a second; each element that must be read or written counts once.</summary>
    Bytes,
}

/// <summary>Turns the median time of a benchmark into a speed.</summary>
internal sealed class ThroughputColumn(ThroughputKind kind) : IColumn
{
    private static readonly Lazy<double> FloatPeak = new(() => FmaPeak.Float.MeasureBest());
    private static readonly Lazy<double> DoublePeak = new(() => FmaPeak.Double.MeasureBest());

    public string Id => $"{nameof(ThroughputColumn)}.{kind}";

    public string ColumnName => kind switch
    {
        ThroughputKind.Operations => "GFLOP/s",
        ThroughputKind.ShareOfPeak => "Of peak",
        _ => "GB/s",
    };

    public string Legend => kind switch
    {
        ThroughputKind.Operations => "10^9 floating-point operations a second, by the median time",
        ThroughputKind.ShareOfPeak => "Speed over the FMA peak of as many cores, measured when this table was made",
        _ => "10^9 bytes a second, each element that has to be read or written counted once, by the median time",
    };

    public bool AlwaysShow => false;

    public ColumnCategory Category => ColumnCategory.Statistics;

    public int PriorityInCategory => 100 + (int)kind;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(benchmark => Amount(benchmark) > 0);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        double amount = Amount(benchmarkCase);
        if (amount <= 0 || summary[benchmarkCase]?.ResultStatistics is not { } statistics)
            return "-";
        double perSecond = amount / statistics.Median; // the median is in nanoseconds
        return kind == ThroughputKind.ShareOfPeak
            ? (perSecond / (Threads(benchmarkCase) * Peak(benchmarkCase))).ToString("P0", CultureInfo.InvariantCulture)
            : perSecond.ToString("F1", CultureInfo.InvariantCulture);
    }

    private static double Peak(BenchmarkCase benchmark) => ElementType(benchmark) == typeof(double) ? DoublePeak.Value : FloatPeak.Value;

    private static Type? ElementType(BenchmarkCase benchmark)
    {
        for (Type? type = benchmark.Descriptor.Type; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType)
                return type.GetGenericArguments()[0];
        }
        return null;
    }

    private static int Threads(BenchmarkCase benchmark) =>
        benchmark.Parameters.Items.FirstOrDefault(parameter => parameter.Name == "Threads")?.Value is int threads ? threads : 1;

    private double Amount(BenchmarkCase benchmark)
    {
        (double operations, double elements) = Work(benchmark);
        return kind == ThroughputKind.Bytes ? elements * (ElementType(benchmark) == typeof(double) ? 8 : 4) : operations;
    }

    private static (double Operations, double Elements) Work(BenchmarkCase benchmark) =>
        benchmark.Parameters.Items.Select(item => item.Value).OfType<IWork>().FirstOrDefault() is { } work
            ? (work.Operations, work.Elements)
            : (0, 0);
}
