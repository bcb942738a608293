using System.Numerics;
using DeepLearn.Models;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>The images, the labels and the initial parameters of a network.</summary>
internal sealed class NetworkOperands<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The learning rate, so small that rounding errors do not grow in the few steps that are compared.</summary>
    public const double LearningRate = 1e-3;

    public NetworkOperands(NetworkCase @case)
    {
        Case = @case;
        var random = new Random(1);
        Images = new(@case.Batch, NetworkCase.Image.Count);
        foreach (ref T number in Images.AsSpan())
            number = T.CreateChecked((random.NextDouble() * 2) - 1);
        Labels = [.. Enumerable.Range(0, @case.Batch).Select(_ => random.Next(10))];
    }

    public NetworkCase Case { get; }

    public Matrix<T> Images { get; }

    public int[] Labels { get; }

    /// <summary>The network with its initial parameters, the same each time.</summary>
    public Model<T> Build() => Case.Network.Build<T>(NetworkCase.Image, seed: 1);
}
