using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// One layer with its options, an input shape, a batch size and a seed of everything random: what a property is tried on.
/// </summary>
public sealed partial record LayerSample(Layer Layer, Shape Input, int Batch, int Seed)
{
    private RandomKey Key => RandomKey.FromSeed((ulong)Seed);

    /// <summary>Smaller ones first try a smaller batch, then a smaller image or vector, where the layer takes it.</summary>
    public static Arbitrary<LayerSample> ArbitraryOf(Gen<(Layer Layer, Shape Input)> layers) => Arb.From(
        from layer in layers
        from batch in Gen.Choose(1, 5)
        from seed in Gen.Choose(0, 999_999)
        select new LayerSample(layer.Layer, layer.Input, batch, seed),
        sample => sample.Smaller());

    /// <summary>
    /// The model, its biases, scales and shifts moved away from where they began: a bias of 0 puts a kink where nothing else would. Weights
    /// keep away from 0, where a magnitude has its kink.
    /// </summary>
    public Model<T> Build<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = Layer.Build<T>(Input, (ulong)Seed);
        foreach (Parameter<T> parameter in model.Parameters)
        {
            if (parameter.Role == ParameterRole.Weights)
            {
                foreach (ref T weight in parameter.Value.AsSpan())
                    weight = T.CopySign(T.Max(T.Abs(weight), T.CreateChecked(1e-4)), weight);
                continue;
            }
            RandomStream stream = Key.Derive("parameters").Derive(parameter.Name).Open();
            foreach (ref T element in parameter.Value.AsSpan())
                element += T.CreateChecked(0.3 + (0.4 * stream.NextUniform())) * (element < T.Zero ? -T.One : T.One);
        }
        return model;
    }

    /// <summary>
    /// Numbers in random order that keep away from 0 and from each other, so that no ReLU and no maximum is at its kink.
    /// </summary>
    public Matrix<T> Examples<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var examples = new Matrix<T>(Batch, Input.Count);
        Span<T> elements = examples.AsSpan();
        RandomStream stream = Key.Derive("examples").Open();
        for (int i = 0; i < elements.Length; i++)
        {
            // Each somewhere in a cell of its own: on an even grid, sums and means of them would often be 0.
            double place = (2 * i) + 1 - elements.Length + (elements.Length % 2 == 0 ? 0 : 0.5) + (0.4 * (stream.NextUniform() - 0.5));
            elements[i] = T.CreateChecked(1.7 * place / elements.Length);
        }
        stream.Shuffle(elements);
        return examples;
    }

    /// <summary>Numbers without any such care: targets, gradients.</summary>
    public Matrix<T> Numbers<T>(string purpose, int columns)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var numbers = new Matrix<T>(Batch, columns);
        RandomStream stream = Key.Derive(purpose).Open();
        foreach (ref T element in numbers.AsSpan())
            element = T.CreateChecked((2 * stream.NextUniform()) - 1);
        return numbers;
    }

    public RandomKey Noise => Key.Derive("noise");

    private IEnumerable<LayerSample> Smaller()
    {
        if (Batch > 1)
            yield return this with { Batch = Batch - 1 };
        for (int axis = 0; axis < Input.Rank; axis++)
        {
            if (Input[axis] == 1)
                continue;
            int[] extents = Input.Extents.ToArray();
            extents[axis]--;
            LayerSample smaller = this with { Input = new Shape(extents) };
            if (smaller.Fits())
                yield return smaller;
        }
    }

    private bool Fits()
    {
        try
        {
            Layer.OutputShape(Input);
            return true;
        }
        catch (ShapeMismatchException)
        {
            return false;
        }
    }
}
