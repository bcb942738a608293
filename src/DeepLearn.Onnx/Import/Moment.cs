namespace DeepLearn.Onnx.Import;

/// <summary>A part of a layer normalization that an exporter wrote as single operators.</summary>
/// <param name="Kind">Which part.</param>
/// <param name="Of">What is normalized, over its last axis.</param>
/// <param name="Epsilon">What was added to the variance.</param>
internal sealed record Moment(MomentKind Kind, Value Of, double Epsilon = 0);
