using DeepLearn.Tools.Figures.Sets;

namespace DeepLearn.Tools.Figures;

/// <summary>All of them, the shortest first.</summary>
internal static class FigureSets
{
    public static IReadOnlyList<FigureSet> All { get; } =
    [
        SampleOutputs.QuickStart,
        SampleOutputs.CustomLayer,
        SampleOutputs.Tables,
        SampleOutputs.BeyondTheReport,
        SampleOutputs.TwoLayerCifar10,
        SampleOutputs.HyperparameterSearch,
        GuideFigures.ConvolutionErrors,
        GuideFigures.Searches,
        GuideFigures.Telemetry,
        ReportFigures.Set,
        BenchmarkFigures.RandomSse,
        BenchmarkFigures.ProductsBesideLibtorch,
        BenchmarkFigures.NativeAot,
        BenchmarkFigures.Predictions,
        BenchmarkFigures.Random,
        BenchmarkFigures.RandomAvx2,
        BenchmarkFigures.Convolutions,
        BenchmarkFigures.ConvolutionsMore,
        BenchmarkFigures.Steps,
        BenchmarkFigures.Products,
        BenchmarkFigures.RandomThreads,
        BenchmarkFigures.RandomAvx2Threads,
        BenchmarkFigures.Page,
        BeyondTheReportFigures.Experiments,
        BeyondTheReportFigures.Algorithms,
        BeyondTheReportFigures.NinetyFour,
        BeyondTheReportFigures.NinetyFourAlgorithms,
    ];
}
