namespace DeepLearn.Benchmarks.Products;

/// <summary>The products that are measured, which are typical of networks.</summary>
public static class ProductShapes
{
    /// <summary>The group of the squares.</summary>
    public const string Square = "square";

    /// <summary>The group of the products that convolutions would have.</summary>
    public const string Convolution = "convolution";

    /// <summary>The batch sizes of the networks' products.</summary>
    public static IReadOnlyList<int> Batches { get; } = [1, 32, 100, 256];

    /// <summary>Squares from 16 to 2048, in the three transpositions.</summary>
    public static IReadOnlyList<ProductShape> Squares { get; } =
    [
        .. from size in new[] { 16, 32, 64, 128, 256, 512, 1024, 2048 }
           from transposition in Enum.GetValues<Transposition>()
           select new ProductShape(size, size, size, transposition, Square, 0, Square),
    ];

    /// <summary>Every product of the two-layer networks, forward and backward.</summary>
    public static IReadOnlyList<ProductShape> Networks { get; } =
    [
        .. from hidden in new[] { 50, 512 } from batch in Batches from shape in Network([3072, hidden, 10], batch) select shape,
    ];

    /// <summary>Products of the sizes that convolutions would have, patches times filters, with their gradients.</summary>
    public static IReadOnlyList<ProductShape> Convolutions { get; } =
    [
        .. Layer(Convolution, 25600, 27, 32, "3 to 32 channels, ", inputGradient: true),
        .. Layer(Convolution, 25600, 288, 64, "32 to 64 channels, ", inputGradient: true),
        .. Layer(Convolution, 6400, 576, 128, "64 to 128 channels, ", inputGradient: true),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ProductShape> All { get; } = [.. Squares, .. Networks, .. Convolutions];

    /// <summary>The products of one step of a network of dense layers. The first layer has no gradient of its input.</summary>
    /// <param name="widths">The number of inputs, the widths of the hidden layers, and the number of outputs.</param>
    /// <param name="batch">The number of examples.</param>
    public static IEnumerable<ProductShape> Network(IReadOnlyList<int> widths, int batch)
    {
        for (int layer = 0; layer + 1 < widths.Count; layer++)
        {
            string group = string.Join('-', widths), prefix = $"layer {layer + 1} ";
            foreach (ProductShape shape in Layer(group, batch, widths[layer], widths[layer + 1], prefix, inputGradient: layer > 0))
                yield return shape;
        }
    }

    private static IEnumerable<ProductShape> Layer(string group, int batch, int inputs, int outputs, string prefix, bool inputGradient)
    {
        yield return new(batch, inputs, outputs, Transposition.NN, group, batch, prefix + "forward");
        yield return new(inputs, batch, outputs, Transposition.TN, group, batch, prefix + "weight gradient");
        if (inputGradient)
            yield return new(batch, outputs, inputs, Transposition.NT, group, batch, prefix + "input gradient");
    }
}
