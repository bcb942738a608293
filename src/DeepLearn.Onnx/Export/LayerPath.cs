namespace DeepLearn.Onnx.Export;

/// <summary>Where a layer stands in the network, in the names that the library gives its parameters.</summary>
/// <param name="Prefix">The path, as in <c>residual1/dense2</c>; empty for a network of one layer.</param>
/// <param name="Node">The name of the layer's node: the path or, where that is empty, the layer's kind.</param>
internal readonly record struct LayerPath(string Prefix, string Node)
{
    /// <summary>The name of a parameter of the layer.</summary>
    /// <param name="what">What it is.</param>
    public string NameOf(string what) => Prefix.Length == 0 ? what : $"{Prefix}/{what}";

    /// <summary>The path of a layer within this one.</summary>
    /// <param name="name">Its name within this one.</param>
    public LayerPath Inner(string name) => Prefix.Length == 0 ? new(name, name) : new($"{Prefix}/{name}", $"{Prefix}/{name}");

    /// <summary>The node's name.</summary>
    public override string ToString() => Node;
}
