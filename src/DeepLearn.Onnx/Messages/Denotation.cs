namespace DeepLearn.Onnx.Messages;

/// <summary>What an axis of an image is, in the format's words.</summary>
internal static class Denotation
{
    public const string Batch = "DATA_BATCH";

    public const string Channel = "DATA_CHANNEL";

    public const string Feature = "DATA_FEATURE";
}
