using DeepLearn.Models;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Predictions;

/// <summary>A model with random weights and a batch of random examples, the same for all candidates.</summary>
internal sealed class PredictionOperands
{
    /// <summary>Builds the model and draws the examples.</summary>
    /// <param name="case">What is predicted.</param>
    public PredictionOperands(PredictionCase @case)
    {
        Case = @case;
        Model = @case.Network.Build<float>(@case.Input, seed: 1);
        var random = new Random(1);
        Examples = new(@case.Batch, @case.Input.Count);
        foreach (ref float number in Examples.AsSpan())
            number = (float)((random.NextDouble() * 2) - 1);
    }

    /// <summary>What is predicted.</summary>
    public PredictionCase Case { get; }

    /// <summary>The model.</summary>
    public Model<float> Model { get; }

    /// <summary>The examples, <c>[batch, features]</c>.</summary>
    public Matrix<float> Examples { get; }
}
