namespace DeepLearn.Onnx;

/// <summary>
/// Something that has no counterpart: an operator, an option or a shape of a file that no layer of the library stands for, or a layer
/// without an exporter. The message names it.
/// </summary>
public sealed class OnnxUnsupportedException : NotSupportedException
{
    /// <summary>Something that has no counterpart.</summary>
    /// <param name="message">What it is, what would have been understood, and what was found.</param>
    public OnnxUnsupportedException(string message)
        : base(message)
    {
    }

    /// <summary>Something of a node that has no counterpart.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="operator">Its operator.</param>
    /// <param name="message">What would have been understood, and what was found.</param>
    public OnnxUnsupportedException(string node, string @operator, string message)
        : base($"Node '{node}' ({@operator}): {message}")
    {
        Node = node;
        Operator = @operator;
    }

    /// <summary>The same, of a named file.</summary>
    internal OnnxUnsupportedException(string source, OnnxUnsupportedException cause)
        : base($"{source}: {cause.Message}", cause)
    {
        Node = cause.Node;
        Operator = cause.Operator;
    }

    /// <summary>The name of the unsupported node; null if there is none.</summary>
    public string? Node { get; }

    /// <summary>The operator of that node; null if there is none.</summary>
    public string? Operator { get; }
}
