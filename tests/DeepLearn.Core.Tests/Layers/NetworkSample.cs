using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// A network of random layers: as many as the depth says, each of which may hold others. A smaller depth gives the first of them.
/// </summary>
public sealed record NetworkSample(int Seed, int Depth, int Batch)
{
    public const int Outputs = 3;

    public static Arbitrary<NetworkSample> Arbitrary { get; } = Arb.From(
        from seed in Gen.Choose(0, 999_999)
        from depth in Gen.Choose(1, 6)
        from batch in Gen.Choose(2, 4)
        select new NetworkSample(seed, depth, batch),
        sample => sample.Smaller());

    /// <summary>The network and its input: the layers, then as many outputs as the losses have classes.</summary>
    public LayerSample Network
    {
        get
        {
            RandomStream stream = RandomKey.FromSeed((ulong)Seed).Derive("network").Open();
            Shape input = stream.NextIndex(3) == 0
                ? new Shape(2 + stream.NextIndex(5))
                : new Shape(2 + stream.NextIndex(4), 2 + stream.NextIndex(4), 1 + stream.NextIndex(3));
            var layers = new List<Layer>();
            Shape shape = input;
            for (int i = 0; i < Depth; i++)
            {
                layers.Add(Draw(ref stream, shape, 2));
                shape = layers[^1].OutputShape(shape);
            }
            layers.Add(new Dense(Outputs) { Weights = NormalInitializer.LeCun });
            return new(new Sequential([.. layers]), input, Batch, Seed);
        }
    }

    public override string ToString() => $"seed {Seed}, batch {Batch}: {Network.Layer} on {Network.Input}";

    private static Layer Draw(ref RandomStream stream, Shape shape, int nesting)
    {
        if (nesting > 0 && stream.NextIndex(4) == 0)
        {
            Layer first = Draw(ref stream, shape, nesting - 1);
            Shape inner = first.OutputShape(shape);
            Layer second = Draw(ref stream, inner, nesting - 1);
            var branch = new Sequential(first, second);
            Shape output = second.OutputShape(inner);
            bool isResidual = stream.NextIndex(2) == 0;
            if (!isResidual)
                return branch;
            if (output == shape)
                return new Residual(branch);

            // A projection to a vector is easily had; to an image of another size it is not.
            return output.Rank == 1 ? new Residual(branch, new Dense(output.Count)) : branch;
        }
        if (shape.Rank == 3 && stream.NextIndex(2) == 0)
            return DrawForImage(ref stream, shape);
        return stream.NextIndex(15) switch
        {
            0 => new Dense(1 + stream.NextIndex(5)) { HasBiases = stream.NextIndex(2) == 0, Weights = NormalInitializer.Glorot },
            1 => new Dense(1 + stream.NextIndex(5)) { Weights = new OrthogonalInitializer() },
            2 => new Relu(),
            3 => new LeakyRelu(0.2),
            4 => new Elu(),
            5 => new Gelu(stream.NextIndex(2) == 0 ? GeluForm.Exact : GeluForm.Tanh),
            6 => new Silu(),
            7 => new Sigmoid(),
            8 => new Tanh(),
            9 => new Softplus(),
            10 => new Dropout(0.3),
            11 => new BatchNorm { Epsilon = 0.1, HasScale = stream.NextIndex(2) == 0 },
            12 => new LayerNorm { Epsilon = 0.1 },
            13 => new Ensemble(EnsembleCombination.Average, new Dense(3), new Sequential(new Dense(2), new Elu(0.5), new Dense(3))),
            _ => new Flatten(),
        };
    }

    private static Layer DrawForImage(ref RandomStream stream, Shape shape)
    {
        int window = 1 + stream.NextIndex(Math.Min(3, Math.Min(shape[0], shape[1])));
        int stride = 1 + stream.NextIndex(2);
        int dilation = (2 * (window - 1)) + 1 <= Math.Min(shape[0], shape[1]) ? 1 + stream.NextIndex(2) : 1;
        Padding2D padding = stream.NextIndex(3) switch { 0 => Padding2D.None, 1 => Padding2D.Same, _ => window - 1 };
        return stream.NextIndex(7) switch
        {
            0 => new MaxPool(window) { Stride = stride, Padding = padding },
            1 => new AveragePool(window) { Stride = stride, Padding = padding, CountsPadding = stream.NextIndex(2) == 0 },
            2 => new GlobalAveragePool(),
            3 => new Convolution2D(shape[2], window) { Groups = shape[2], Padding = padding, Stride = stride, Dilation = dilation },
            4 => new Convolution2D(2 * shape[2], window) { Groups = shape[2], Padding = padding, Stride = stride },
            5 => new TestTimeAugmentation(
                new Convolution2D(2, window) { Weights = new DiracInitializer() },
                shape[0] > 1 && shape[1] > 1 ? TestTimeAugmentation.MirrorsAndShifts() : TestTimeAugmentation.Mirrors()),
            _ => new Convolution2D(1 + stream.NextIndex(4), window)
            {
                Padding = padding,
                Stride = stride,
                Dilation = dilation,
                HasBiases = stream.NextIndex(2) == 0,
                Weights = NormalInitializer.LeCun,
            },
        };
    }

    private IEnumerable<NetworkSample> Smaller()
    {
        if (Depth > 1)
            yield return this with { Depth = Depth - 1 };
        if (Batch > 1)
            yield return this with { Batch = Batch - 1 };
    }
}
