using System.Globalization;
using DeepLearn.Benchmarks.Columns;
using DeepLearn.Layers;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;

namespace DeepLearn.Benchmarks.Steps;

/// <summary>A training step to be measured: a network of dense layers with ReLUs between them, and a batch size.</summary>
/// <param name="Network">The widths, as in <c>3072-50-10</c>.</param>
/// <param name="Batch">The number of examples.</param>
public sealed record StepCase(string Network, int Batch) : IWork
{
    /// <summary>The cases: three networks, four batch sizes.</summary>
    public static IReadOnlyList<StepCase> All { get; } =
    [
        .. from network in new[] { "3072-50-10", "3072-512-10", "3072-512-512-10" }
           from batch in Products.ProductShapes.Batches
           select new StepCase(network, batch),
    ];

    /// <summary>
    /// Networks for tables and digits, with Adam and an L2 penalty: so little is computed in a step that everything around it shows.
    /// </summary>
    public static IReadOnlyList<StepCase> Small { get; } =
    [
        .. from network in new[] { "4-16-3", "30-16-2", "13-64-3", "64-64-10", "784-128-10" }
           from batch in new[] { 16, 128 }
           select new StepCase(network, batch) { UsesAdam = true },
    ];

    /// <summary>The lambda of the penalty on the weights.</summary>
    public const double Lambda = 1e-4;

    /// <summary>Whether the update is Adam's with an L2 penalty; otherwise it is plain gradient descent.</summary>
    public bool UsesAdam { get; init; }

    /// <summary>The name in tables: the widths, and the update where it is not plain gradient descent.</summary>
    public string Name => UsesAdam ? $"{Network} Adam L2" : Network;

    /// <summary>How the parameters are updated.</summary>
    public Optimizer Optimizer => UsesAdam ? new Adam() : new Sgd();

    /// <summary>The penalty.</summary>
    public Regularizer Regularizer => UsesAdam ? new L2(Lambda) : Regularizer.None;

    /// <summary>The number of inputs, the widths of the hidden layers, and the number of outputs.</summary>
    public IReadOnlyList<int> Widths => [.. Network.Split('-').Select(width => int.Parse(width, CultureInfo.InvariantCulture))];

    /// <summary>
    /// The floating-point operations of the step's matrix products, two for each term: forward, gradient of the weights and, save for the
    /// first layer, gradient of the input. Everything else is left out, so that their time at the FMA peak is a lower bound.
    /// </summary>
    public double Flops => Products.ProductShapes.Network(Widths, Batch).Sum(shape => shape.Flops);

    /// <inheritdoc/>
    double IWork.Operations => Flops;

    /// <inheritdoc/>
    double IWork.Elements => 0;

    /// <summary>The number of weights and biases.</summary>
    public long Parameters => Widths.Zip(Widths.Skip(1), (inputs, outputs) => ((long)inputs + 1) * outputs).Sum();

    /// <summary>The specification of the network.</summary>
    public Sequential Specification
    {
        get
        {
            List<Layer> layers = [];
            foreach (int width in Widths.Skip(1))
            {
                if (layers.Count > 0)
                    layers.Add(new Relu());
                layers.Add(new Dense(width));
            }
            return new([.. layers]);
        }
    }

    /// <summary>Whether all words of a filter occur in the case's name.</summary>
    public bool Matches(string filter) =>
        filter.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => ToString().Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The network and the batch.</summary>
    public override string ToString() => $"{Name} batch {Batch}";
}
