namespace DeepLearn.Onnx.Wire;

/// <summary>Something with numbered fields.</summary>
internal interface IWireMessage
{
    /// <summary>Writes the fields that are not empty; always the same ones, in the same order.</summary>
    /// <param name="to">Where to.</param>
    void Write(WireWriter to);
}
