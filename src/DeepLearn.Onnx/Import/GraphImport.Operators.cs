using DeepLearn.Kernels;
using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <content>The operators that are understood. The table of the docs is made of this one.</content>
internal sealed partial class GraphImport
{
    private const string Shapes = "another shape, or what a shape is computed with";
    private const string Affine =
        "fused into the weights before; at the front, the normalization; else `BatchNorm`; of two values, `Residual`";
    private const string Part = "part of an activation";

    /// <summary>The rules, in the order of the names.</summary>
    public static IReadOnlyList<OperatorRule> Rules { get; } =
    [
        .. new OperatorRule[]
        {
            new("Gemm", "`Dense`", (graph, node) => graph.Gemm(node)),
            new("MatMul", "`Dense`; of images with the channels last, a 1x1 `Convolution2D`", (graph, node) => graph.MatMul(node)),
            new("Conv", "`Convolution2D`", (graph, node) => graph.Convolution(node)),
            new("MaxPool", "`MaxPool`", (graph, node) => graph.MaxPool(node)),
            new("AveragePool", "`AveragePool`", (graph, node) => graph.AveragePool(node)),
            new("GlobalAveragePool", "`GlobalAveragePool`, or an `AveragePool` over the whole image",
                (graph, node) => graph.GlobalAveragePool(node, node.Example(0))),
            new("ReduceMean", "the same; over the last axis, part of `LayerNorm`", (graph, node) => graph.ReduceMean(node)),
            new("BatchNormalization", "`BatchNorm`", (graph, node) => graph.BatchNormalization(node)),
            new("LayerNormalization", "`LayerNorm`", (graph, node) => graph.LayerNormalization(node)),
            new("Dropout", "`Dropout`", (graph, node) => graph.Dropout(node)),
            new("Flatten", "`Flatten`", (graph, node) => graph.Flatten(node)),
            new("Reshape", "`Flatten`, or " + Shapes, (graph, node) => graph.Reshape(node)),
            new("Squeeze", "`Flatten`, or " + Shapes, (graph, node) => graph.Squeeze(node)),
            new("Unsqueeze", Shapes, (graph, node) => graph.Unsqueeze(node)),
            new("Transpose", "the order of images: planar, or channels last", (graph, node) => graph.Transpose(node)),
            new("Pad", "the padding of the `Convolution2D` that reads it", (graph, node) => graph.Pad(node)),
            new("Add", Affine, (graph, node) => graph.Arithmetic(node)),
            new("Sub", Affine, (graph, node) => graph.Arithmetic(node)),
            new("Mul", Affine, (graph, node) => graph.Arithmetic(node)),
            new("Div", Affine, (graph, node) => graph.Arithmetic(node)),
            new("Softmax", "`OnnxImport.Ending`", (graph, node) => graph.Softmax(node, StepKind.Softmax)),
            new("LogSoftmax", "`OnnxImport.Ending`", (graph, node) => graph.Softmax(node, StepKind.LogSoftmax)),
            new("Mean", "of softmaxes, `Ensemble`", (graph, node) => graph.Mean(node)),
            new("Identity", "nothing", (_, node) => node.TryInput(0) ?? throw node.Refuse("expected an input; found none")),
            new("Cast", "nothing, between numbers", (_, node) => Cast(node)),
            new("Constant", "numbers that stand fixed", (_, node) => Constant(node)),
            new("Shape", Shapes, (_, node) => ShapeOf(node)),
            new("Gather", Shapes, (_, node) => Gather(node)),
            new("Slice", Shapes, (_, node) => Slice(node)),
            new("Concat", Shapes + "; of `1 - p` and `p`, the sigmoid of two classes", (graph, node) => graph.Concat(node)),

            new(ClassicalDomain + ".Scaler", "the normalization", (graph, node) => graph.Scaler(node)),
            new(ClassicalDomain + ".LinearClassifier", "`Dense` with `OnnxImport.Ending`", (graph, node) => graph.LinearClassifier(node)),
            new(ClassicalDomain + ".LinearRegressor", "`Dense`", (graph, node) => graph.LinearRegressor(node)),
            new(ClassicalDomain + ".Normalizer", "nothing, of probabilities", (_, node) => Normalizer(node)),
            new(ClassicalDomain + ".ZipMap", "the names of the classes", (graph, node) => graph.ZipMap(node)),

            Each("Relu", "`Relu`", (graph, node) => graph.Layer(node, new Relu(), x => Math.Max(x, 0))),
            Each("Sigmoid", "`Sigmoid`", (graph, node) => graph.Layer(node, new Sigmoid(), Logistic)),
            Each("Tanh", "`Tanh`", (graph, node) => graph.Layer(node, new Tanh(), Math.Tanh)),
            Each("Softplus", "`Softplus`", (graph, node) => graph.Layer(node, new Softplus(), x => Math.Log(1 + Math.Exp(x)))),
            Each("LeakyRelu", "`LeakyRelu`", (graph, node) => graph.LeakyRelu(node, node.Number("alpha", 0.01))),
            Each("PRelu", "of one number, `LeakyRelu`",
                (graph, node) => graph.LeakyRelu(node, OneNumber(node, node.Fixed(1, "the factor below 0")))),
            Each("Elu", "`Elu`", (graph, node) => graph.Elu(node, node.Number("alpha", 1))),
            Each("Celu", "with alpha 1, `Elu`; else " + Part, (graph, node) => graph.Celu(node, node.Number("alpha", 1))),
            Each("Gelu", "`Gelu`", (graph, node) => graph.Gelu(node)),
            Each("Swish", "with alpha 1, `Silu`; else " + Part, (graph, node) => graph.Swish(node, node.Number("alpha", 1))),
            Each("Erf", Part, (graph, node) => graph.Function(node, VectorMath.Erf)),
            Each("Exp", Part, (graph, node) => graph.Function(node, Math.Exp)),
            Each("Log", Part, (graph, node) => graph.Function(node, Math.Log)),
            Each("Sqrt", Part, (graph, node) => graph.Function(node, Math.Sqrt)),
            Each("Neg", Part, (graph, node) => graph.Function(node, x => -x)),
            Each("Abs", Part, (graph, node) => graph.Function(node, Math.Abs)),
            Each("Reciprocal", Part, (graph, node) => graph.Function(node, x => 1 / x)),
            Each("Softsign", Part, (graph, node) => graph.Function(node, x => x / (1 + Math.Abs(x)))),
            Each("Mish", Part, (graph, node) => graph.Function(node, x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))))),
            Each("HardSwish", Part, (graph, node) => graph.Function(node, x => x * Math.Clamp((x / 6) + 0.5, 0, 1))),
            Each("HardSigmoid", Part,
                (graph, node) => graph.HardSigmoid(node, node.Number("alpha", 0.2), node.Number("beta", 0.5))),
            Each("Selu", Part,
                (graph, node) => graph.Selu(node, node.Number("alpha", 1.6732632), node.Number("gamma", 1.050701))),
            Each("ThresholdedRelu", Part, (graph, node) => graph.ThresholdedRelu(node, node.Number("alpha", 1))),
            Each("Clip", Part, (graph, node) => graph.Clip(node)),
            Each("Pow", Part, (graph, node) => graph.Power(node, OneNumber(node, node.Fixed(1, "the exponent")))),
        }.OrderBy(rule => rule.Name, StringComparer.Ordinal),
    ];

    private static readonly Dictionary<string, OperatorRule> RuleOf = Rules.ToDictionary(rule => rule.Name);

    private object Understand(NodeReader node) => RuleOf.TryGetValue(node.FullOperator, out OperatorRule? rule)
        ? rule.Read(this, node)
        : throw node.Refuse(
            node.FullOperator == node.Operator
                ? "the operator has no counterpart among the library's layers"
                : $"expected operators of ONNX's own; found {node.FullOperator}");

    /// <summary>What works on each element alone.</summary>
    private static OperatorRule Each(string name, string becomes, Func<GraphImport, NodeReader, Value> read) => new(
        name,
        becomes,
        (graph, node) => node.TryInput(0) switch
        {
            Integers or Tensor => throw node.Refuse("of numbers that stand fixed it is not understood"),
            Value mean when graph.OfMean(node, mean) is { } ensemble => ensemble,
            _ => read(graph, node),
        });
}
