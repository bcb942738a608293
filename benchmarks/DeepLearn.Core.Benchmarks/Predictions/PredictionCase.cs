using System.Globalization;
using DeepLearn.Benchmarks.Convolutions;
using DeepLearn.Benchmarks.Steps;
using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Predictions;

/// <summary>A prediction to be measured: a network, the shape of its examples, and a batch size.</summary>
/// <param name="Name">The name of the network: the widths of dense layers, or the name of a network of convolutions.</param>
/// <param name="Network">The network.</param>
/// <param name="Input">The shape of an example.</param>
/// <param name="Batch">The number of examples.</param>
internal sealed record PredictionCase(string Name, Layer Network, Shape Input, int Batch)
{
    private static readonly int[] Batches = [1, 8, 100];

    private static readonly string[] Dense = ["3072-50-10", "3072-512-10", "30-16-2", "784-128-10"];

    /// <summary>Dense networks of images, digits and tables, and a small residual network, at three batch sizes.</summary>
    public static IReadOnlyList<PredictionCase> All { get; } =
    [
        .. from name in Dense from batch in Batches select OfWidths(name, batch),
        .. from batch in Batches select OfConvolutions("residual 16", batch),
    ];

    /// <summary>Whether all words of a filter occur in the name.</summary>
    public bool Matches(string filter) =>
        filter.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => ToString().Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The network and the batch.</summary>
    public override string ToString() => $"{Name} batch {Batch}";

    private static PredictionCase OfWidths(string name, int batch)
    {
        var step = new StepCase(name, batch);
        return new(name, step.Specification, int.Parse(name.Split('-')[0], CultureInfo.InvariantCulture), batch);
    }

    private static PredictionCase OfConvolutions(string name, int batch) =>
        new(name, NetworkCase.All.First(network => network.Name == name).Network, NetworkCase.Image, batch);
}
