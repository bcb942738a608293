namespace DeepLearn.Onnx.Import;

/// <summary>A part of a layer normalization that an exporter wrote as single operators.</summary>
/// <param name="Kind">Which part.</param>
/// <param name="Of">What is normalized, over its last axis.</param>
/// <param name="Epsilon">What was added to the variance.</param>
internal sealed record Moment(MomentKind Kind, Value Of, double Epsilon = 0)
{
    /// <summary>The scale of each feature of the last axis; null for 1.</summary>
    public double[]? Scale { get; init; }

    /// <summary>The shift of each feature of the last axis; null for 0.</summary>
    public double[]? Shift { get; init; }
}
