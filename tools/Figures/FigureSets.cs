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
        ReportFigures.Set,
        BenchmarkFigures.Predictions,
        BenchmarkFigures.Random,
        BenchmarkFigures.RandomAvx2,
        BenchmarkFigures.Steps,
        BenchmarkFigures.Convolutions,
        BenchmarkFigures.Products,
        BenchmarkFigures.ConvolutionsMore,
        BenchmarkFigures.RandomThreads,
        BenchmarkFigures.RandomAvx2Threads,
        BenchmarkFigures.Page,
        BeyondTheReportFigures.Experiments,
        BeyondTheReportFigures.NinetyFour,
    ];
}
