using System.Reflection;
using DeepLearn.Data;
using DeepLearn.Data.Cifar;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Idx;
using DeepLearn.Data.Mapped;
using DeepLearn.Data.Synthetic;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Images;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Models.Specifications;
using DeepLearn.Onnx;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Reporting;
using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Schedules;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Importances;
using DeepLearn.Search.PostgreSql;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Testing;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Training.Checkpoints;
using DeepLearn.Training.Metrics;
using DeepLearn.Training.RangeTest;
using DeepLearn.Training.Whitening;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Documentation.Tests.Examples;

/// <summary>A type that a user begins with has an example: it is what an editor shows, and what is copied.</summary>
public class EntranceTests
{
    // All that is made of one of these, in any package, and everything named a contract.
    private static readonly Type[] Families =
    [
        typeof(Layer), typeof(Loss), typeof(Optimizer), typeof(Initializer), typeof(Regularizer), typeof(LearningRateSchedule),
        typeof(ImageAugmentation), typeof(Dataset), typeof(HyperparameterSearch), typeof(Dimension), typeof(Sampler), typeof(Pruner),
        typeof(TrialExecutor), typeof(TrialStore), typeof(TrainingCallback<>),
    ];

    private static readonly Type[] Entrances =
    [
        // What one derives from.
        typeof(Layer), typeof(SimpleLayerRuntime<>), typeof(IActivation<>), typeof(Loss), typeof(IElementLoss), typeof(Optimizer),
        typeof(Initializer), typeof(Regularizer), typeof(LearningRateSchedule), typeof(ImageAugmentation), typeof(Dataset), typeof(Metric),
        typeof(HyperparameterSearch), typeof(Sampler), typeof(Pruner), typeof(TrainingCallback<>), typeof(IResumable),
        typeof(IParallelBody),

        // Foundation, tensors and kernels.
        typeof(WorkerPool), typeof(RandomKey), typeof(ValueList<>), typeof(Telemetry), typeof(ProcessorShare), typeof(Shape),
        typeof(Matrix<>), typeof(MatrixView<>), typeof(NpyFile), typeof(NpyWriter<>), typeof(NpzFile), typeof(NumericArray),
        typeof(IdxFile), typeof(SafetensorsReader), typeof(SafetensorsWriter), typeof(MatrixProduct), typeof(PackedMatrix<>),
        typeof(Kernels.Elementwise.Activations), typeof(Arithmetic), typeof(Reduce), typeof(VectorMath),

        // Data.
        typeof(DatasetCollection), typeof(DatasetDescription), typeof(BatchLoader<>), typeof(Normalization), typeof(Splits),
        typeof(CsvFiles), typeof(CsvOptions), typeof(Table), typeof(Preprocessing), typeof(IdxFiles), typeof(Cifar10Files),
        typeof(Cifar10Source), typeof(Cifar100Files), typeof(SyntheticImages), typeof(ImageFolder), typeof(ImagePreparation),

        // Networks and models.
        typeof(ExecutionPlan), typeof(Targets<>), typeof(ParameterRule), typeof(ParameterSelection), typeof(WeightAveraging),
        typeof(Model), typeof(Model<>), typeof(ModelBuilding), typeof(ModelFile), typeof(ModelCard), typeof(ModelSnapshot<>),
        typeof(ModelSummarizing), typeof(ModelWorkspace<>), typeof(EnsembleBuilding), typeof(TestTimeAugmenting), typeof(WeightLoading),
        typeof(Predictor), typeof(Predictor<>), typeof(NetworkSpecification), typeof(SpecificationFormats), typeof(OnnxModel),
        typeof(OnnxExportOptions), typeof(OnnxImport<>),

        // Training and checking.
        typeof(Trainer<>), typeof(TrainingPlan), typeof(TrainingLength), typeof(TrainingStep<>), typeof(EvaluationPlan),
        typeof(Evaluator<>), typeof(CrossValidation), typeof(Checkpointing), typeof(LearningRateRangeTest), typeof(PatchWhitening),
        typeof(ConfusionMatrix), typeof(Calibration), typeof(GradientChecker), typeof(GradientCheckOptions), typeof(ContractReport),

        // Search.
        typeof(SearchSpace), typeof(SearchStage), typeof(SearchRunOptions), typeof(SearchResult), typeof(AskAndTell),
        typeof(TrainingObjective), typeof(CrossValidationObjective), typeof(TrainingRungs), typeof(FunctionalAnova),
        typeof(SearchObjective), typeof(SearchConstraint), typeof(TrialContext), typeof(TrialResultJson),

        // Reports.
        typeof(Figure), typeof(LearningCurves), typeof(ConfusionFigure), typeof(ReliabilityDiagram), typeof(WrongExamples),
        typeof(ScheduleCurve), typeof(SearchFigures), typeof(GradientTable), typeof(ReportTable), typeof(HtmlReport), typeof(TrainingPage),
        typeof(LiveTrainingPage<>), typeof(SearchPage), typeof(LiveSearchPage), typeof(TensorBoardFiles), typeof(ReportTerminal),
    ];

    private static readonly Assembly[] Packages =
    [
        typeof(Layer).Assembly, typeof(ImageFolder).Assembly, typeof(OnnxModel).Assembly, typeof(HtmlReport).Assembly,
        typeof(PostgreSqlTrialStore).Assembly, typeof(LayerContract).Assembly,
    ];

    [Fact]
    public void Every_entrance_has_an_example()
    {
        HashSet<string> shown = [.. Example.All.Where(example => example.IsOfType).Select(example => example.TypeName)];
        IEnumerable<Type> ofFamilies = Packages.SelectMany(package => package.GetExportedTypes())
            .Where(type => Families.Any(family => IsOf(type, family)) || type.Name.EndsWith("Contract", StringComparison.Ordinal));
        string[] without = [.. Entrances.Concat(ofFamilies).Select(type => type.FullName!).Distinct().Where(name => !shown.Contains(name))];
        Assert.True(without.Length == 0, $"These types have no <example>: {string.Join(", ", without)}");
    }

    [Fact]
    public void Every_package_has_examples()
    {
        Assert.Equal(
            Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Packages.Select(package => package.GetName().Name).Order(StringComparer.Ordinal));
        Assert.All(Packages, package => Assert.Contains(
            Example.All, example => example.Path.StartsWith($"src/{package.GetName().Name}/", StringComparison.Ordinal)));
    }

    private static bool IsOf(Type type, Type family)
    {
        if (type.IsAbstract)
            return false;
        for (Type? ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if ((ancestor.IsGenericType ? ancestor.GetGenericTypeDefinition() : ancestor) == family)
                return true;
        }
        return false;
    }
}
