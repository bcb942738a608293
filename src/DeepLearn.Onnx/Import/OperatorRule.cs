namespace DeepLearn.Onnx.Import;

/// <summary>How an operator of ONNX is understood.</summary>
/// <param name="Name">The operator, behind its domain where that is not ONNX's own.</param>
/// <param name="Becomes">What it becomes, for the table of the docs.</param>
/// <param name="Read">Makes what the node writes.</param>
internal sealed record OperatorRule(string Name, string Becomes, Func<GraphImport, NodeReader, object> Read);
