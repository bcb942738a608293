using DeepLearn.Tensors;

namespace DeepLearn.Tests.Layers;

public sealed partial record LayerSample
{
    /// <summary>
    /// The sample with the first seed, this one's or a later one, whose numbers keep every ReLU and every maximum within the layer
    /// away from its kink, where no difference tells the derivative. It is chosen before any gradient is computed.
    /// </summary>
    /// <param name="isClear">What the outputs and the seed must be like as well; null for anything.</param>
    public LayerSample Clear(Func<LayerSample, Matrix<double>, bool>? isClear = null)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            LayerSample sample = this with { Seed = Seed + (attempt * 1_000_000) };
            if (Kinks.AreClear(sample, out Matrix<double> outputs) && (isClear is null || isClear(sample, outputs)))
                return sample;
        }
        throw new InvalidOperationException($"Among a hundred seeds none keeps {this} clear of its kinks.");
    }
}
