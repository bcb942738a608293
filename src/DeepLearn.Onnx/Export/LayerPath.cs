namespace DeepLearn.Onnx.Export;

/// <summary>Where a layer stands in the network, in the names that the library gives its parameters.</summary>
/// <param name="Prefix">The path, as in <c>residual1/dense2</c>; empty for a network of one layer.</param>
/// <param name="Node">The name of the layer's node: the path or, where that is empty, the layer's kind.</param>
internal readonly record struct LayerPath(string Prefix, string Node)
{
    /// <summary>
    /// What the names of nodes within begin with, where that is not the prefix: a network that is run on several views has its parameters
    /// once, and its nodes for each view.
    /// </summary>
    private string? Nodes { get; init; }

    /// <summary>The name of a parameter of the layer.</summary>
    /// <param name="what">What it is.</param>
    public string NameOf(string what) => Joined(Prefix, what);

    /// <summary>The path of a layer within this one.</summary>
    /// <param name="name">Its name within this one.</param>
    public LayerPath Inner(string name) => Nodes is null
        ? new(Joined(Prefix, name), Joined(Prefix, name))
        : new(Joined(Prefix, name), Joined(Nodes, name)) { Nodes = Joined(Nodes, name) };

    /// <summary>The path of the same parameters, with nodes of their own.</summary>
    /// <param name="name">The name of what the nodes belong to.</param>
    public LayerPath Again(string name) => this with { Node = $"{Node}/{name}", Nodes = $"{Node}/{name}" };

    /// <summary>The node's name.</summary>
    public override string ToString() => Node;

    private static string Joined(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";
}
