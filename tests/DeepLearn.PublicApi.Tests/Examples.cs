using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using DeepLearn.Data;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Synthetic;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Kernels.Pooling;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Models.Specifications;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Schedules;
using DeepLearn.Search;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;
using DeepLearn.Training.Metrics;
using DeepLearn.Training.Whitening;

namespace DeepLearn.PublicApi.Tests;

/// <summary>
/// A right value of a type, small and in agreement with those of other types: matrices are 2 x 2, spans have two elements, networks map two
/// numbers to two classes. A value without an entry here is made by its type's shortest constructor, from right values.
/// </summary>
internal static class Examples
{
    private static readonly Assembly[] Library =
    [
        typeof(Matrix<>).Assembly, typeof(Images.ImageFolder).Assembly, typeof(Onnx.OnnxModel).Assembly,
        typeof(Reporting.SearchPage).Assembly, typeof(DeepLearn.Testing.LayerContract).Assembly,
        typeof(Search.PostgreSql.PostgreSqlTrialStore).Assembly,
    ];

    private static readonly Dictionary<Type, Func<object?>> Entries = new()
    {
        [typeof(bool)] = () => true,
        [typeof(string)] = () => "name",
        [typeof(object)] = () => "object",
        [typeof(CancellationToken)] = () => CancellationToken.None,
        [typeof(Type)] = () => typeof(float),
        [typeof(Exception)] = () => new InvalidOperationException("an example"),
        [typeof(Uri)] = () => new Uri("https://localhost/file.zip"),
        [typeof(Stream)] = () => new MemoryStream([1, 2, 3, 4]),
        [typeof(TextReader)] = () => new StringReader("a,b\n1,2\n"),
        [typeof(TextWriter)] = () => new StringWriter(),
        [typeof(StringBuilder)] = () => new StringBuilder(),
        [typeof(Shape)] = () => new Shape(2),
        [typeof(Matrix<float>)] = () => MatrixOf<float>(),
        [typeof(Matrix<double>)] = () => MatrixOf<double>(),
        [typeof(Dataset)] = () => DatasetOf(),
        [typeof(Layer)] = () => new Dense(2),
        [typeof(Sequential)] = () => new Sequential(new Dense(2)),
        [typeof(Loss)] = () => new SoftmaxCrossEntropy(),
        [typeof(Model<float>)] = () => new Sequential(new Dense(2)).Build<float>(2, 1),
        [typeof(Model<double>)] = () => new Sequential(new Dense(2)).Build<double>(2, 1),
        [typeof(ByteDataset)] = () => new ByteDataset(new byte[8], [0, 1, 0, 1], new DatasetDescription(2) { Classes = 2 }),
        [typeof(FeatureTransform<float>)] = () => Normalization.PerFeature(DatasetOf()).Build<float>(),
        [typeof(NumericArray)] = () => NumericArray.Of<float>([1f, 2f, 3f, 4f], 2, 2),
        [typeof(Table)] = () => CsvFiles.ParseTable(new StringReader("a,b\n1,2\n3,4\n"), "table", new CsvOptions { LabelColumn = "b" }),
        [typeof(ModelWorkspace<float>)] = () => new Sequential(new Dense(2)).Build<float>(2, 1).CreateWorkspace(2, RunMode.Training),
        [typeof(ModelCard)] = () => new ModelCard { Task = PredictionTask.Multiclass(2) },
        [typeof(Predictor<float>)] = () => new Predictor<float>(new Sequential(new Dense(2)).Build<float>(2, 1),
            new ModelCard { Task = PredictionTask.Multiclass(2) }),
        [typeof(WindowAxis)] = () => new WindowAxis(4, 2),
        [typeof(ImageConvolution<float>)] = () => new ImageConvolution<float>(new(new(4, 2), new(4, 2), 1, 1), 2),
        [typeof(IOutputFollower<float>)] = () => new BatchNormalization<float>(1, 2, 1e-3, 2, trains: true).Follow(2),
        [typeof(ConvolutionScratch<float>)] = () => new ImageConvolution<float>(new(new(4, 2), new(4, 2), 1, 1), 2).CreateScratch(2,
            true, 1),
        [typeof(HyperbandPruner)] = () => new HyperbandPruner(1, 9),
        [typeof(SuccessiveHalvingPruner)] = () => new SuccessiveHalvingPruner(1),
        [typeof(PoolGeometry)] = () => new PoolGeometry(new(4, 2), new(4, 2), 1),
        [typeof(LayerRuntime<float>)] = () => new Dense(2).CreateRuntime<float>(new LayerBuild(2, "dense1", RandomKey.FromSeed(1))),
        [typeof(OptimizerRuntime<float>)] = () => new Sgd().CreateRuntime<float>([new("weights", ParameterRole.Weights, 2, 2)]),
        [typeof(WeightAverage<float>)] = () => new WeightAveraging().CreateRuntime<float>([new("weights", ParameterRole.Weights, 2,
            2)], []),
        [typeof(OneCycleSchedule)] = () => new OneCycleSchedule(0.1, 10),
        [typeof(SequenceSchedule)] = () => new SequenceSchedule([new ScheduleSegment(0.1, 2)], 0.1),
        [typeof(ConfusionMatrix)] = () => new ConfusionMatrix(2, [1, 2, 3, 4]),
        [typeof(Prediction)] = () => new Predictor<float>(new Sequential(new Dense(2)).Build<float>(2, 1),
            new ModelCard { Task = PredictionTask.Multiclass(2) }).Predict(1.0, 2.0),
        [typeof(RunIdentity)] = () => new RunIdentity(new IdentityField("seed", "1")),
        [typeof(Dimension)] = () => new UniformDimension("x", 0, 1),
        [typeof(CategoricalDimension)] = () => new CategoricalDimension("kind", "a", "b"),
        [typeof(OrderedDimension)] = () => new OrderedDimension("size", 1, 2, 4),
        [typeof(SearchSpace)] = () => new SearchSpace(new UniformDimension("x", 0, 1)),
        [typeof(SearchPoint)] = () => PointOf(),
        [typeof(Trial)] = () => new Trial(0, 0, 1, 1, PointOf()),
        [typeof(TrialResult)] = () => new TrialResult(new Trial(0, 0, 1, 1, PointOf()), TrialState.Completed, 0.5),
        [typeof(SampleRequest)] = () => new SampleRequest(new SearchSpace(new UniformDimension("x", 0, 1)), RandomKey.FromSeed(1), 0, 0),
        [typeof(PruneRequest)] = () => new PruneRequest(new Trial(0, 0, 1, 1, PointOf()), [new(1, 0.5)], TrialHistory.Empty,
            SearchDirection.Maximize),
        [typeof(SingleStageSearch)] = () => SearchOf(),
        [typeof(HyperparameterSearch)] = () => SearchOf(),
        [typeof(AskAndTell)] = () => new AskAndTell(SearchOf()),
        [typeof(EnqueuedSampler)] = () => new EnqueuedSampler(new RandomSampler(), PointOf()),
        [typeof(WarmStartSampler)] = () => new WarmStartSampler(new TpeSampler(), [new TrialResult(new Trial(0, 0, 1, 1, PointOf()),
            TrialState.Completed, 0.5)]),
        [typeof(SafetensorsReader)] = () => SafetensorsReader.Open(new MemoryStream([2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'])),
        [typeof(NpyWriter<float>)] = () => new NpyWriter<float>("array.npy", 2),
        [typeof(Evaluator<float>)] = () => new Evaluator<float>(
            new Sequential(new Dense(2)).Build<float>(2, 1), new SoftmaxCrossEntropy(), Regularizer.None, DatasetOf().Description),
        [typeof(GivenInitializer)] = () => new GivenInitializer(2, 2, [1, 2, 3, 4]),
        [typeof(GroupedOptimizer)] = () => new GroupedOptimizer(new Sgd(), [new ParameterRule("*") { RateFactor = 0.5 }]),
        [typeof(PatchWhitening)] = () => PatchWhitening.Of(SyntheticImages.Create(1, 20, 10).Training, new Extent2D(2, 2)),
        [typeof(WorkerPool)] = () => new WorkerPool(1),

        // Nobody listens there.
        [typeof(Search.PostgreSql.PostgreSqlTrialStore)] = () => new Search.PostgreSql.PostgreSqlTrialStore(
            "Host=127.0.0.1;Port=1;Database=search;Username=me;Timeout=1", "a search"),
    };

    /// <summary>What only the library makes and hands to code of the user's while that runs; its own tests call it with bad
    /// arguments.</summary>
    public static readonly IReadOnlySet<Type> HandedOver = new HashSet<Type>
    {
        typeof(StateReader), typeof(StateWriter), typeof(SpecificationReader), typeof(SpecificationWriter), typeof(SearchSession),
            typeof(SharedTrialLog),
            typeof(Onnx.OnnxLayerGraph),
        typeof(HtmlSection), typeof(ProgressLine), typeof(SimpleLayerRuntime<float>), typeof(ElementwiseOptimizerRuntime<float>),
            typeof(IndexedDimension<float>),
    };

    public static IEnumerable<Type> PublicTypes => Library.SelectMany(assembly => assembly.GetExportedTypes());

    /// <summary>A right value.</summary>
    /// <exception cref="NotSupportedException">None is known.</exception>
    public static object? Of(Type type) => Of(type, 0);

    private static object? Of(Type type, int depth)
    {
        if (Entries.TryGetValue(type, out Func<object?>? entry))
            return entry();
        if (depth > 8)
            throw new NotSupportedException($"no example of {type}");
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying, depth + 1);
        if (type.IsByRef)
            return Of(type.GetElementType()!, depth);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(0);
        if (type.IsPrimitive || type == typeof(Half))
            return type == typeof(Half) ? (Half)0.5 : Convert.ChangeType(type == typeof(float) || type == typeof(double) ? 0.5
                : (object)1, type, null);
        if (type.IsArray)
            return ArrayOf(type.GetElementType()!, type.GetArrayRank(), depth);
        if (type.IsByRefLike)
            return ViewSource(type, depth);
        if (typeof(Delegate).IsAssignableFrom(type))
            return DelegateOf(type);
        if (type.IsGenericType && type.IsInterface && type.GetGenericArguments() is [var item]
            && type.IsAssignableFrom(item.MakeArrayType()))
            return ArrayOf(item, 1, depth);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IProgress<>))
            return Activator.CreateInstance(typeof(Progress<>).MakeGenericType(type.GetGenericArguments()));
        if (type.IsInterface && typeof(IEnumerable).IsAssignableFrom(type))
            return null;
        return FromMembers(type, depth) ?? throw new NotSupportedException($"no example of {type}");
    }

    private static Matrix<T> MatrixOf<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var matrix = new Matrix<T>(2, 2);
        matrix.AsSpan().Fill(T.CreateChecked(0.5));
        return matrix;
    }

    private static DenseDataset<float> DatasetOf() => DenseDataset<float>.FromArray(new float[,] { { 0, 1 }, { 2, 3 }, { 4, 5 }, { 6,
        7 } }, [0, 1, 0, 1], 2);

    private static SearchPoint PointOf() => new(new NamedValue("x", 0.5));

    private static SingleStageSearch SearchOf() => new(new SearchSpace(new UniformDimension("x", 0, 1)), 2);

    private static Array ArrayOf(Type element, int rank, int depth)
    {
        var array = Array.CreateInstance(element, [.. Enumerable.Repeat(2, rank)]);
        if (rank == 1)
        {
            for (int index = 0; index < 2; index++)
                array.SetValue(element == typeof(int) ? index : Of(element, depth + 1), index);
        }
        return array;
    }

    private static object? ViewSource(Type type, int depth)
    {
        Type argument = type.GetGenericArguments()[0];
        return type.Name.Contains("Span", StringComparison.Ordinal)
            ? ArrayOf(argument, 1, depth)
            : Of(typeof(Matrix<>).MakeGenericType(argument), depth + 1);
    }

    private static Delegate DelegateOf(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        ParameterExpression[] parameters = [.. invoke.GetParameters().Select(parameter => Expression.Parameter(parameter.ParameterType))];
        return Expression.Lambda(type, Expression.Default(invoke.ReturnType), parameters).Compile();
    }

    // A constructor, the shortest that works; else a static member that gives one; else an inheritor's.
    private static object? FromMembers(Type type, int depth)
    {
        if (!type.IsAbstract)
        {
            foreach (ConstructorInfo constructor in type.GetConstructors().OrderBy(constructor => constructor.GetParameters().Length))
            {
                if (TryMake(() => WithRequired(constructor.Invoke(Arguments(constructor, depth)), depth), out object? made))
                    return made;
            }
        }
        foreach (MethodInfo method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == type && !method.IsGenericMethodDefinition && !method.Name.StartsWith("op_",
                StringComparison.Ordinal))
            .OrderBy(method => method.GetParameters().Length))
        {
            if (TryMake(() => method.Invoke(null, Arguments(method, depth)), out object? made))
                return made;
        }
        foreach (Type inheritor in PublicTypes.Select(PublicMember.Close).OfType<Type>()
            .Where(candidate => candidate != type && type.IsAssignableFrom(candidate) && !candidate.IsAbstract))
        {
            if (TryMake(() => Of(inheritor, depth + 1), out object? made))
                return made;
        }
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }

    private static object?[] Arguments(MethodBase method, int depth) =>
        [.. method.GetParameters().Select(parameter => Of(parameter.ParameterType, depth + 1))];

    private static object? WithRequired(object value, int depth)
    {
        foreach (PropertyInfo property in value.GetType().GetProperties()
            .Where(property => property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute")))
            property.SetValue(value, Of(property.PropertyType, depth + 1));
        return value;
    }

    private static bool TryMake(Func<object?> make, out object? made)
    {
        try
        {
            made = make();
            return made is not null;
        }
        catch (Exception exception) when (exception is TargetInvocationException or NotSupportedException or ArgumentException
            or InvalidOperationException or IOException or InvalidProgramException or FieldAccessException)
        {
            made = null;
            return false;
        }
    }
}
