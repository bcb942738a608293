using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <content>What works on each element alone.</content>
internal sealed partial class GraphImport
{
    /// <summary>The largest number of features, over all nodes, with numbers of their own, whatever the size of the file.</summary>
    private const int MostFeatures = 1 << 22;

    private int _spread;

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double OneNumber(NodeReader node, Tensor tensor) =>
        tensor.Elements.Length > 0 && tensor.Elements.AsSpan().IndexOfAnyExcept(tensor.Elements[0]) < 0
            ? NodeReader.Shortest((float)tensor.Elements[0])
            : throw node.Refuse($"expected one number for all elements; found {tensor}");

    private Value LeakyRelu(NodeReader node, double factor) =>
        Layer(node, new LeakyRelu(factor), x => x > 0 ? x : factor * x);

    private Value Elu(NodeReader node, double alpha) =>
        Layer(node, new Elu(alpha), x => x > 0 ? x : alpha * (Math.Exp(x) - 1));

    private Value Gelu(NodeReader node) => node.Text("approximate", "none") switch
    {
        "none" => Layer(node, new Gelu(), ElementFunctions.Gelu),
        "tanh" => Layer(node, new Gelu(GeluForm.Tanh), ElementFunctions.TanhGelu),
        string other => throw node.Refuse($"expected approximate none or tanh; found {other}"),
    };

    private Value HardSigmoid(NodeReader node, double alpha, double beta) => Function(node, x => Math.Clamp((alpha * x) + beta, 0, 1));

    private Value Celu(NodeReader node, double alpha) => alpha == 1
        ? Elu(node, 1)
        : Function(node, x => Math.Max(0, x) + Math.Min(0, alpha * (Math.Exp(x / alpha) - 1)));

    private Value Selu(NodeReader node, double alpha, double gamma) =>
        Function(node, x => gamma * (x > 0 ? x : alpha * (Math.Exp(x) - 1)));

    private Value ThresholdedRelu(NodeReader node, double alpha) => Function(node, x => x > alpha ? x : 0);

    private Value Swish(NodeReader node, double alpha) => alpha == 1
        ? Layer(node, new Silu(), x => x * Logistic(x))
        : Function(node, x => x * Logistic(alpha * x));

    private Value Clip(NodeReader node)
    {
        (double least, double most) = Bounds(node);
        if (!(least <= most))
            throw node.Refuse($"expected a lower bound below the upper one; found {least} and {most}");
        return Function(node, x => Math.Clamp(x, least, most));
    }

    private static (double Least, double Most) Bounds(NodeReader node) => node.OperatorSet < 11
        ? (node.Number("min", double.NegativeInfinity), node.Number("max", double.PositiveInfinity))
        : (node.TryNumber(1, "the lower bound") ?? double.NegativeInfinity,
            node.TryNumber(2, "the upper bound") ?? double.PositiveInfinity);

    private Value Power(NodeReader node, double exponent) => Function(node, x => Math.Pow(x, exponent));

    private Value Layer(NodeReader node, Layer layer, Func<double, double> function)
    {
        Value input = node.Example(0);
        RequireUnpadded(node, input);
        return input with
        {
            Step = Add(new(StepKind.Layer, node.Name, node.Operator, input.Shape, input.Step) { Layer = layer, Function = function }),
        };
    }

    private Value Function(NodeReader node, Func<double, double> function)
    {
        Value input = node.Example(0);
        RequireUnpadded(node, input);
        return input with { Step = Add(new(StepKind.Function, node.Name, node.Operator, input.Shape, input.Step) { Function = function }) };
    }

    private object Arithmetic(NodeReader node)
    {
        if (node.InputCount != 2)
            throw node.Refuse($"expected two inputs; found {node.InputCount}");
        return (node.TryInput(0), node.TryInput(1)) switch
        {
            (Value left, Value right) => Pair(node, left, right),
            (Value value, Tensor tensor) => WithTensor(node, value, tensor, false),
            (Tensor tensor, Value value) => WithTensor(node, value, tensor, true),
            (Integers left, Integers right) => WholeArithmetic(node, left, right),
            _ => throw node.Refuse("expected an input that depends on the examples; found none"),
        };
    }

    private static Func<double, double, double> OperationOf(string @operator) => @operator switch
    {
        "Add" => (a, b) => a + b,
        "Sub" => (a, b) => a - b,
        "Mul" => (a, b) => a * b,
        _ => (a, b) => a / b,
    };

    private Value Pair(NodeReader node, Value left, Value right)
    {
        RequireUnpadded(node, left);
        RequireUnpadded(node, right);
        bool areAlike = left.Shape == right.Shape && left.Extents.AsSpan().SequenceEqual(right.Extents)
            && (left.Planar == right.Planar || (!left.IsMoved && !right.IsMoved));
        if (!areAlike)
            throw node.Refuse($"expected two values of one shape and order; found {Described(left)} and {Described(right)}");
        return left with
        {
            Step = Add(new(StepKind.Pair, node.Name, node.Operator, left.Shape, left.Step, right.Step)
            {
                Function2 = OperationOf(node.Operator),
            }),
        };
    }

    /// <summary>A sum, difference, product or quotient with constants.</summary>
    private Value WithTensor(NodeReader node, Value value, Tensor tensor, bool isReversed)
    {
        RequireUnpadded(node, value);
        Func<double, double, double> operation = OperationOf(node.Operator);
        if (tensor.IsScalar && tensor.Extents.Length <= value.Extents.Length + 1)
        {
            double number = tensor.Elements[0];
            Func<double, double> function = isReversed ? x => operation(number, x) : x => operation(x, number);
            bool isAffine = !(node.Operator == "Div" && isReversed);
            return value with
            {
                Step = Add(new(isAffine ? StepKind.Affine : StepKind.Function, node.Name, node.Operator, value.Shape, value.Step)
                {
                    Function = function,
                    Factors = isAffine ? [FactorOf(node.Operator, number, isReversed)] : null,
                    Divisors = node.Operator == "Div" ? [number] : null,
                    Terms = isAffine ? [TermOf(node.Operator, number, isReversed)] : null,
                }),
            };
        }
        if (node.Operator == "Div" && isReversed)
            throw node.Refuse("a division by what depends on the examples has no counterpart among the library's layers");
        double[] numbers = PerFeature(node, value, tensor);
        return value with
        {
            Step = Add(new(StepKind.Affine, node.Name, node.Operator, value.Shape, value.Step)
            {
                Factors = [.. numbers.Select(number => FactorOf(node.Operator, number, isReversed))],
                Divisors = node.Operator == "Div" ? numbers : null,
                Terms = [.. numbers.Select(number => TermOf(node.Operator, number, isReversed))],
            }),
        };
    }

    private static double FactorOf(string @operator, double number, bool isReversed) => @operator switch
    {
        "Mul" => number,
        "Div" => 1 / number,
        "Sub" when isReversed => -1,
        _ => 1,
    };

    private static double TermOf(string @operator, double number, bool isReversed) => @operator switch
    {
        "Add" => number,
        "Sub" => isReversed ? number : -number,
        _ => 0,
    };

    /// <summary>
    /// A tensor's number for each channel or, where it is not the same for a channel, for each feature, in the library's order.
    /// </summary>
    private double[] PerFeature(NodeReader node, Value value, Tensor tensor)
    {
        int[] extents = tensor.Extents;
        int surplus = extents.Length - value.Extents.Length;
        if (surplus > 1 || (surplus == 1 && extents[0] != 1))
            throw Misfit();
        extents = surplus == 1 ? extents[1..] : [.. Enumerable.Repeat(1, -surplus), .. extents];
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i] != 1 && extents[i] != value.Extents[i])
                throw Misfit();
        }
        int channelAxis = value.ChannelAxis;
        bool isPerChannel = value.Extents[channelAxis] == tensor.Elements.Length && extents[channelAxis] == tensor.Elements.Length;
        if (isPerChannel)
            return value.Extents.Length == 1 ? value.Arrange(tensor.Elements) : tensor.Elements;
        int count = value.Shape.Count;
        if (count > MostFeatures - _spread)
            throw node.Refuse($"expected numbers for at most {MostFeatures} features; found {count}");
        _spread += count;
        var spread = new double[count];
        for (int i = 0; i < count; i++)
        {
            int rest = i, place = 0, stride = 1;
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                place += extents[axis] == 1 ? 0 : rest % value.Extents[axis] * stride;
                rest /= value.Extents[axis];
                stride *= extents[axis];
            }
            spread[i] = tensor.Elements[place];
        }
        return value.Arrange(spread);

        OnnxUnsupportedException Misfit() => node.Refuse($"expected numbers for {value.Text}; found {tensor}");
    }
}
