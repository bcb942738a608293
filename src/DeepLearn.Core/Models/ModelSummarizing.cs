using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>Summarizes a model, or a network on an input shape.</summary>
/// <example><code>Console.WriteLine(network.Summary(training.ExampleShape));</code></example>
public static class ModelSummarizing
{
    /// <summary>A summary of a model, layer by layer; its text is a table.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model.</param>
    public static unsafe ModelSummary Summary<T>(this Model<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        var rows = new List<LayerSummary>();
        Add(model.Network, "", model.InputShape);
        return new(
            model.InputShape,
            [.. rows],
            model.Values.Sum(value => (long)value.Value.Count) * sizeof(T),
            model.CreateWorkspace(1, RunMode.Inference).MemoryInBytes,
            model.CreateWorkspace(1, RunMode.Training).MemoryInBytes);

        void Add(Layer layer, string path, Shape input)
        {
            switch (layer)
            {
                case Sequential sequential:
                    foreach ((string name, Layer inner) in sequential.NamedLayers())
                    {
                        Add(inner, Join(path, name), input);
                        input = inner.OutputShape(input);
                    }
                    return;
                case Residual residual:
                    Add(residual.Branch, residual.Branch is Sequential ? path : Join(path, $"{residual.Branch.Kind}1"), input);
                    if (residual.Projection is not null)
                        Add(residual.Projection, Join(path, "projection"), input);
                    break;
                case TestTimeAugmentation augmentation:
                    Add(augmentation.Network, path, input);
                    rows.Add(new(
                        $"{(path.Length == 0 ? "" : $"{path}/")}{layer.Kind}", Describe(layer), layer.OutputShape(input), 0, 0,
                        (long)layer.OutputShape(input).Count * sizeof(T)));
                    return;
                case Ensemble ensemble:
                    for (int i = 0; i < ensemble.Members.Count; i++)
                        Add(ensemble.Members[i], Join(path, FormattableString.Invariant($"member{i + 1}")), input);
                    break;
            }
            Shape output = layer.OutputShape(input);
            bool isSum = layer is Residual or Ensemble;
            rows.Add(new(
                path.Length == 0 ? layer.Kind : path,
                Describe(layer),
                output,
                isSum ? 0 : ParametersUnder(path),
                isSum ? 0 : ParameterCounting.MultiplicationsOf(layer, input),
                (long)output.Count * sizeof(T)));
        }

        long ParametersUnder(string path) => model.Parameters
            .Where(parameter => path.Length == 0 || parameter.Name.StartsWith($"{path}/", StringComparison.Ordinal))
            .Sum(parameter => (long)parameter.Value.Count);
    }

    /// <summary>A summary of the model that a network would make at <see cref="float"/>, layer by layer; its text is a table.</summary>
    /// <param name="network">The network: a <see cref="Sequential"/>, or any one layer.</param>
    /// <param name="inputShape">The shape of one example.</param>
    /// <exception cref="ShapeMismatchException">A layer does not take what the one before it gives.</exception>
    public static ModelSummary Summary(this Layer network, Shape inputShape) => network.Build<float>(inputShape, 0).Summary();

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";

    private static string Describe(Layer layer) => layer switch
    {
        Dense dense => $"Dense, {Weights(dense.Weights, dense.Biases, dense.HasBiases)}",
        Convolution2D c => $"Convolution2D {c.Kernel}{Unless(c.Stride, 1, "stride")}{Unless(c.Dilation, 1, "dilation")}"
            + $"{(c.Padding == Padding2D.None ? "" : $", padding {c.Padding}")}"
            + FormattableString.Invariant($"{(c.Groups == 1 ? "" : $", {c.Groups} groups")}")
            + $"{(c.Algorithm == ConvolutionAlgorithm.Fastest ? "" : $", {c.Algorithm}")}, {Weights(c.Weights, c.Biases, c.HasBiases)}",
        MaxPool pool => $"MaxPool {pool.Window}{Unless(pool.Stride, pool.Window, "stride")}{Padded(pool.Padding)}",
        AveragePool pool => $"AveragePool {pool.Window}{Unless(pool.Stride, pool.Window, "stride")}{Padded(pool.Padding)}",
        Dropout dropout => FormattableString.Invariant($"Dropout {dropout.Rate}"),
        Residual residual => residual.Projection is null ? "Residual, sum with its input" : "Residual, sum with a projection",
        Ensemble ensemble => FormattableString.Invariant($"Ensemble, {ensemble.Combination} of {ensemble.Members.Count}"),
        TestTimeAugmentation augmentation => FormattableString.Invariant(
            $"TestTimeAugmentation, mean over {augmentation.Views.Count} views in prediction"),
        _ => InvariantText.Of(layer).Replace(" { }", "", StringComparison.Ordinal),
    };

    private static string Weights(Initializer weights, Initializer biases, bool hasBiases) =>
        $"weights {InvariantText.Of(weights)}"
        + $"{(!hasBiases ? ", no biases" : biases == ConstantInitializer.Zero ? "" : $", biases {InvariantText.Of(biases)}")}";

    private static string Unless(Extent2D found, Extent2D usual, string what) => found == usual ? "" : $", {what} {found}";

    private static string Padded(Padding2D padding) => padding == Padding2D.None ? "" : $", padding {padding}";
}
