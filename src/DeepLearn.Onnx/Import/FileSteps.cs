using DeepLearn.Data;

namespace DeepLearn.Onnx.Import;

/// <summary>What a file does around the network that is read of it.</summary>
internal sealed record FileSteps
{
    /// <summary>The standardization of a table's columns, before <see cref="Normalization"/>; null for none.</summary>
    public Normalization? Columns { get; init; }

    /// <summary>The normalization of the features; null for none.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>What scores are divided by; 1 for nothing.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The scaling of targets that is undone at the end; null for none.</summary>
    public Normalization? TargetScaling { get; init; }

    /// <summary>The function at the end.</summary>
    public OnnxEnding Ending { get; init; }
}
