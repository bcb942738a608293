using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <summary>For each channel, <c>(x - Mean) Scale + Shift</c>: what a batch normalization computes in prediction.</summary>
/// <param name="Mean">What is subtracted.</param>
/// <param name="Scale">The factors.</param>
/// <param name="Shift">What is added.</param>
internal sealed record ScaleAndShift(double[] Mean, double[] Scale, double[] Shift)
{
    /// <summary>What a step computes; null if its numbers are not those of channels.</summary>
    public static ScaleAndShift? TryFrom(Step step)
    {
        int channels = step.Shape[step.Shape.Rank - 1];
        if (step.Factors!.Length != 1 && step.Factors.Length != channels)
            return null;
        var zeros = new double[channels];
        double[] factors = Spread(step.Factors), terms = Spread(step.Terms!);
        return factors.AsSpan().IndexOfAnyExcept(1) < 0
            ? new([.. terms.Select(term => -term)], factors, zeros)
            : new(zeros, factors, terms);

        double[] Spread(double[] numbers) => numbers.Length == channels ? numbers : [.. Enumerable.Repeat(numbers[0], channels)];
    }

    /// <summary>Another one and then this.</summary>
    public ScaleAndShift After(ScaleAndShift first) => new(
        first.Mean,
        [.. first.Scale.Zip(Scale, (one, other) => one * other)],
        [.. Enumerable.Range(0, Scale.Length).Select(i => ((first.Shift[i] - Mean[i]) * Scale[i]) + Shift[i])]);

    /// <summary>A batch normalization whose standard deviation is 1.</summary>
    public Piece ToPiece()
    {
        var layer = new BatchNorm();
        return new(layer, [Scale, Shift], [Mean, [.. Enumerable.Repeat(1 - layer.Epsilon, Scale.Length)]]);
    }
}
