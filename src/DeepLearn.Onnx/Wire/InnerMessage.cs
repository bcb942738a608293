using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DeepLearn.Onnx.Wire;

/// <summary>A message within another, as Google.Protobuf wants it: read within the limits of its length and of the depth.</summary>
/// <param name="reader">The reader of the outer message.</param>
/// <param name="read">Reads the inner one.</param>
internal sealed class InnerMessage<TMessage>(WireReader reader, Func<WireReader, TMessage> read) : IMessage
{
    /// <summary>What was read.</summary>
    public TMessage? Message { get; private set; }

    MessageDescriptor IMessage.Descriptor => throw new NotSupportedException("The messages have no descriptors.");

    void IMessage.MergeFrom(CodedInputStream input) => Message = read(reader);

    void IMessage.WriteTo(CodedOutputStream output) => throw new NotSupportedException("It is read alone.");

    int IMessage.CalculateSize() => throw new NotSupportedException("It is read alone.");
}
