using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Layers;

/// <summary>What a pass of a sample through a model left: everything that has to have the same bits.</summary>
internal sealed class LayerRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public required T[] Outputs { get; init; }

    public required T[] InputGradient { get; init; }

    public required T[][] Gradients { get; init; }

    public required T[][] Buffers { get; init; }

    /// <summary>All of it as one list, for comparisons.</summary>
    public T[] All => [.. Outputs, .. InputGradient, .. Gradients.SelectMany(x => x), .. Buffers.SelectMany(x => x)];

    /// <summary>Runs a sample forward and back in training. What is to be written is filled with NaN before.</summary>
    public static LayerRun<T> Train(
        LayerSample sample, Model<T> model, ModelWorkspace<T> workspace, bool wantsInput = true, GradientTarget<T>[]? targets = null)
    {
        Matrix<T> examples = sample.Examples<T>();
        var inputGradient = new Matrix<T>(wantsInput ? sample.Batch : 0, sample.Input.Count);
        inputGradient.View.Fill(T.NaN);
        foreach (Parameter<T> parameter in model.Parameters)
            parameter.Gradient.View.Fill(T.NaN);
        workspace.SetNoise(sample.Noise);
        T[] outputs = workspace.Forward(examples).AsSpan().ToArray();
        sample.Numbers<T>("derivatives", model.OutputShape.Count).AsSpan().CopyTo(workspace.OutputGradient.AsSpan());
        if (targets is null)
            workspace.Backward(examples, inputGradient);
        else
            workspace.Backward(examples, targets, inputGradient);
        return new()
        {
            Outputs = outputs,
            InputGradient = inputGradient.AsSpan().ToArray(),
            Gradients = [.. model.Parameters.Select(parameter => parameter.Gradient.AsSpan().ToArray())],
            Buffers = [.. model.Buffers.Select(buffer => buffer.Value.AsSpan().ToArray())],
        };
    }

    /// <summary>The same with a fresh model and workspace.</summary>
    public static LayerRun<T> Train(LayerSample sample, WorkerPool? workers = null)
    {
        Model<T> model = sample.Build<T>();
        return Train(sample, model, model.CreateWorkspace(sample.Batch, RunMode.Training, workers));
    }

    /// <summary>The outputs in inference.</summary>
    public static T[] Infer(LayerSample sample, Model<T> model)
    {
        ModelWorkspace<T> workspace = model.CreateWorkspace(sample.Batch, RunMode.Inference);
        workspace.SetNoise(sample.Noise);
        return workspace.Forward(sample.Examples<T>()).AsSpan().ToArray();
    }
}
