using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx;

/// <summary>An option of a node, for an exporter of your own: <c>OnnxAttribute.Of("axis", 1)</c>.</summary>
public sealed class OnnxAttribute
{
    private OnnxAttribute(AttributeMessage message) => Message = message;

    /// <summary>Its name.</summary>
    public string Name => Message.Name;

    internal AttributeMessage Message { get; }

    /// <summary>A number.</summary>
    /// <param name="name">The name, as ONNX has it.</param>
    /// <param name="value">The number.</param>
    public static OnnxAttribute Of(string name, float value) => new(AttributeMessage.Of(Checked(name), value));

    /// <summary>A whole number.</summary>
    /// <param name="name">The name, as ONNX has it.</param>
    /// <param name="value">The number.</param>
    public static OnnxAttribute Of(string name, long value) => new(AttributeMessage.Of(Checked(name), value));

    /// <summary>A text.</summary>
    /// <param name="name">The name, as ONNX has it.</param>
    /// <param name="value">The text.</param>
    public static OnnxAttribute Of(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(AttributeMessage.Of(Checked(name), value));
    }

    /// <summary>Whole numbers.</summary>
    /// <param name="name">The name, as ONNX has it.</param>
    /// <param name="values">The numbers.</param>
    public static OnnxAttribute OfMany(string name, params long[] values) =>
        new(AttributeMessage.Of(Checked(name), new ReadOnlySpan<long>(values)));

    /// <summary>Numbers.</summary>
    /// <param name="name">The name, as ONNX has it.</param>
    /// <param name="values">The numbers.</param>
    public static OnnxAttribute OfMany(string name, params float[] values) =>
        new(AttributeMessage.Of(Checked(name), new ReadOnlySpan<float>(values)));

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }
}
