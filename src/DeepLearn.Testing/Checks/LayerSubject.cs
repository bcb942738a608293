using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Checks;

/// <summary>A layer with its shape, and the numbers that it is tried on: all of them functions of the seed.</summary>
internal sealed record LayerSubject(Layer Layer, Shape Input, LayerContractOptions Options)
{
    public RandomKey Noise => Key.Derive("noise");

    private RandomKey Key => RandomKey.FromSeed(Options.Seed);

    /// <summary>
    /// A model of the layer, its biases, scales and shifts moved away from where they began: a bias of 0 puts a kink where nothing else
    /// would. Weights keep away from 0 too.
    /// </summary>
    public Model<T> Build<T>(Layer? layer = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = (layer ?? Layer).Build<T>(Input, Options.Seed);
        foreach (Parameter<T> parameter in model.Parameters)
        {
            RandomStream stream = Key.Derive("parameters").Derive(parameter.Name).Open();
            foreach (ref T element in parameter.Value.AsSpan())
            {
                if (parameter.Role == ParameterRole.Weights)
                    element = T.CopySign(T.Max(T.Abs(element), T.CreateChecked(1e-4)), element);
                else
                    element += T.CreateChecked(0.3 + (0.4 * stream.NextUniform())) * (element < T.Zero ? -T.One : T.One);
            }
        }
        return model;
    }

    /// <summary>The layer's runtime alone, under a path.</summary>
    public LayerRuntime<T> Runtime<T>(string path = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Layer.CreateRuntime<T>(new LayerBuild(Input, path, Key));

    /// <summary>The runtime alone, with the parameters and buffers of <see cref="Build"/>.</summary>
    public LayerRuntime<T> BuildRuntime<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayerRuntime<T> runtime = Runtime<T>();
        Model<T> model = Build<T>();
        for (int i = 0; i < runtime.Parameters.Count; i++)
            model.Parameters[i].Value.AsSpan().CopyTo(runtime.Parameters[i].Value.AsSpan());
        for (int i = 0; i < runtime.Buffers.Count; i++)
            model.Buffers[i].Value.AsSpan().CopyTo(runtime.Buffers[i].Value.AsSpan());
        return runtime;
    }

    /// <summary>
    /// Examples in random order that keep away from 0 and from each other, so that no ReLU and no maximum is at its kink.
    /// </summary>
    public Matrix<T> Examples<T>(int batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomKey key = Key.Derive("examples");
        if (Options.DrawExamples is { } draw)
            return Numbers.At<T>(draw(key, batch, Input.Count));
        var examples = new Matrix<T>(batch, Input.Count);
        Span<T> elements = examples.AsSpan();
        RandomStream stream = key.Open();
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
    public Matrix<T> Draw<T>(string purpose, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Numbers.At<T>(Numbers.Uniform(rows, columns, Key.Derive(purpose)));

    /// <summary>The outputs in inference.</summary>
    public T[] Infer<T>(Model<T> model, Matrix<T> examples, WorkerPool? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ModelWorkspace<T> workspace = model.CreateWorkspace(examples.Rows, RunMode.Inference, workers);
        workspace.SetNoise(Noise);
        return workspace.Forward(examples).AsSpan().ToArray();
    }

    /// <summary>A pass forward and back in training, with a fresh model and workspace.</summary>
    public LayerPass<T> Train<T>(int batch, WorkerPool? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = Build<T>();
        return LayerPass<T>.Run(this, model, model.CreateWorkspace(batch, RunMode.Training, workers), batch);
    }
}
