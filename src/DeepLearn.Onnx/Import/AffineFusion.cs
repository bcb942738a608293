using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <summary>
/// Fuses constant factors and terms: into the weights of the dense layer, convolution or batch normalization before them or, at the front,
/// into the normalization of the inputs. What a file of ours does behind the network stays by itself.
/// </summary>
internal sealed class AffineFusion(GraphImport import, OwnEnd end)
{
    /// <summary>
    /// The largest number of features that may be normalized: each gets a mean and a standard deviation, whatever the size of the file.
    /// </summary>
    public const int MostFeatures = 1 << 22;

    private double[]? _mean;
    private double[]? _deviation;

    /// <summary>Fuses what can be fused.</summary>
    /// <returns>The normalization of the inputs; null for none.</returns>
    public Normalization? Run()
    {
        foreach (Step step in import.Steps)
        {
            if (step.Kind != StepKind.Affine || step.Uses == 0 || end.Has(step))
                continue;
            Step parent = step.Parents[0].Resolved;
            if (parent.Uses != 1 || !(parent.Kind == StepKind.Input ? TryNormalize(step, parent) : TryFuse(step, parent)))
                continue;
            step.Fused = parent;
            parent.Uses = step.Uses;
        }
        if (_mean is null)
            return null;
        if (!Array.TrueForAll(_mean, double.IsFinite) || !Array.TrueForAll(_deviation!, one => double.IsFinite(one) && one > 0))
        {
            throw new OnnxUnsupportedException(
                "Expected a normalization of the inputs by finite numbers, which divides by what is above 0; found others.");
        }
        return new(ValueList.Create<double>(_mean), ValueList.Create<double>(_deviation!));
    }

    /// <summary>Before it, x became (x - mean) / (standard deviation); after it, that times the factor plus the term.</summary>
    private bool TryNormalize(Step step, Step input)
    {
        int features = input.Shape.Count, channels = input.Shape[input.Shape.Rank - 1];
        if (features > MostFeatures)
        {
            throw new OnnxUnsupportedException(
                step.Node, step.Operator, $"Expected a normalization of at most {MostFeatures} features; found {features}.");
        }
        if (step.Factors!.Any(factor => factor <= 0))
        {
            throw new OnnxUnsupportedException(
                step.Node,
                step.Operator,
                "a normalization of the inputs divides by what is above 0; this one turns signs, or loses its input.");
        }
        if (_mean is null)
        {
            _mean = new double[features];
            _deviation = new double[features];
            Array.Fill(_deviation, 1);
        }
        for (int i = 0; i < features; i++)
        {
            int of = step.Factors!.Length == 1 ? 0 : step.Factors.Length == channels ? i % channels : i;
            _mean[i] -= step.Terms![of] * _deviation![i] / step.Factors[of];
            _deviation[i] = step.Divisors is null ? _deviation[i] / step.Factors[of] : _deviation[i] * step.Divisors[of];
        }
        return true;
    }

    private static bool TryFuse(Step step, Step layer)
    {
        if (layer.Kind != StepKind.Layer || layer.Layer is not (Dense or Convolution2D or BatchNorm or LayerNorm))
            return false;
        int channels = layer.Shape[layer.Shape.Rank - 1];
        if (step.Factors!.Length != 1 && step.Factors.Length != channels)
            return false;
        var factors = new double[channels];
        var terms = new double[channels];
        for (int i = 0; i < channels; i++)
        {
            factors[i] = step.Factors[step.Factors.Length == 1 ? 0 : i];
            terms[i] = step.Terms![step.Terms.Length == 1 ? 0 : i];
        }
        if (factors.AsSpan().IndexOfAnyExcept(1) >= 0)
        {
            // The first parameter ends in the channels, whichever layer it is.
            foreach (int parameter in Enumerable.Range(0, layer.Parameters.Count))
                layer.Parameters[parameter] = [.. layer.Parameters[parameter].Select((number, i) => number * factors[i % channels])];
        }
        if (terms.AsSpan().IndexOfAnyExcept(0) < 0)
            return true;
        if (layer.Parameters.Count == 1)
        {
            layer.Parameters.Add(terms);
            layer.Layer = layer.Layer switch
            {
                Dense dense => dense with { HasBiases = true },
                Convolution2D convolution => convolution with { HasBiases = true },
                Layer other => other,
            };
        }
        else
            layer.Parameters[1] = [.. layer.Parameters[1].Select((number, i) => number + terms[i])];
        return true;
    }
}
