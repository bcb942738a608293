namespace DeepLearn.Onnx.Import;

/// <summary>
/// Whole numbers that the graph computes shapes and axes with; null stands for the number of examples, which is free.
/// </summary>
/// <param name="Elements">The numbers.</param>
/// <param name="IsScalar">Whether it is one number without an axis.</param>
internal sealed record Integers(long?[] Elements, bool IsScalar = false)
{
    /// <summary>The numbers, for messages.</summary>
    public override string ToString() => $"[{string.Join(", ", Elements.Select(element => element?.ToString() ?? "batch"))}]";
}
