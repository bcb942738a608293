namespace DeepLearn.Onnx.Messages;

/// <summary>What an attribute holds (<c>AttributeProto.AttributeType</c>), with the numbers of the format.</summary>
internal enum AttributeKind
{
    None = 0,
    Float = 1,
    Integer = 2,
    Text = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Integers = 7,
    Texts = 8,
}
