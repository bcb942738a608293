using DeepLearn.Layers;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Export;

/// <summary>The nodes of the layers that hold no others.</summary>
internal sealed class LayerNodes(GraphBuilder graph, Rearrangement rearrangement, IReadOnlyDictionary<string, Matrix<float>> values)
{
    /// <summary>Adds a layer's nodes: at least one, of which the last has the layer's name.</summary>
    /// <exception cref="OnnxUnsupportedException">It is not a layer of the library.</exception>
    public Activation Add(Layer layer, LayerPath path, Activation input) => layer switch
    {
        Dense => AddDense(path, input),
        Convolution2D convolution => AddConvolution(convolution, path, input),
        MaxPool pool => AddPool(
            "MaxPool", path, rearrangement.ChannelsFirst(input), pool.OutputShape(input.Shape), pool.Window, pool.Stride, pool.Padding),
        AveragePool pool => AddPool(
            "AveragePool", path, rearrangement.ChannelsFirst(input), pool.OutputShape(input.Shape), pool.Window, pool.Stride, pool.Padding,
            AttributeMessage.Of("count_include_pad", pool.CountsPadding ? 1 : 0)),
        GlobalAveragePool => AddGlobalAveragePool(path, input),
        BatchNorm norm => AddBatchNorm(norm, path, input),
        LayerNorm norm => AddLayerNorm(norm, path, input),
        Flatten => rearrangement.Flat(input, path.Node),
        Dropout dropout => Same("Dropout", path, input, [graph.Scalar((float)dropout.Rate)]),
        Relu => Same("Relu", path, input, []),
        LeakyRelu leaky => Same("LeakyRelu", path, input, [], AttributeMessage.Of("alpha", (float)leaky.Slope)),
        Elu elu => Same("Elu", path, input, [], AttributeMessage.Of("alpha", (float)elu.Alpha)),
        Sigmoid => Same("Sigmoid", path, input, []),
        Tanh => Same("Tanh", path, input, []),
        Softplus => Same("Softplus", path, input, []),
        Silu => AddSilu(path, input),
        Gelu gelu => graph.OperatorSet >= 20
            ? Same("Gelu", path, input, [], AttributeMessage.Of("approximate", gelu.Form == GeluForm.Tanh ? "tanh" : "none"))
            : gelu.Form == GeluForm.Tanh ? AddTanhGelu(path, input) : AddExactGelu(path, input),
        _ => throw new OnnxUnsupportedException(
            $"Layer {path}, {layer}, is not of the library, and ONNX does not know it. An exporter says what nodes it is: "
            + $"new OnnxExportOptions().WithExporter<{layer.GetType().Name}>((layer, graph) => graph.Add(...))."),
    };

    private Activation Same(
        string @operator,
        LayerPath path,
        Activation input,
        ReadOnlySpan<string> others,
        params ReadOnlySpan<AttributeMessage> attributes) =>
        input with { Name = graph.Node(@operator, path.Node, [input.Name, .. others], input.Extents, attributes) };

    private Activation AddDense(LayerPath path, Activation input)
    {
        input = rearrangement.Vector(input, $"{path}/flatten");
        Matrix<float> weights = values[path.NameOf("weights")];
        var inputs = new List<string>
        {
            input.Name,
            graph.Floats(path.NameOf("weights"), [weights.Rows, weights.Columns], input.Arrange(weights.AsSpan(), weights.Columns)),
        };
        if (values.ContainsKey(path.NameOf("biases")))
            inputs.Add(Vector(path, "biases"));
        int[] extents = [weights.Columns];
        return new(graph.Node("Gemm", path.Node, [.. inputs], extents), weights.Columns, null);
    }

    private Activation AddConvolution(Convolution2D layer, LayerPath path, Activation input)
    {
        input = rearrangement.ChannelsFirst(input);
        Matrix<float> weights = values[path.NameOf("weights")];
        int channels = input.Shape[2] / layer.Groups;
        var inputs = new List<string>
        {
            input.Name,
            graph.Floats(
                path.NameOf("weights"),
                [layer.Filters, channels, layer.Kernel.Height, layer.Kernel.Width],
                ConvolutionWeights.ToOnnx(weights.AsSpan(), channels, layer.Filters)),
        };
        if (layer.HasBiases)
            inputs.Add(Vector(path, "biases"));
        Shape shape = layer.OutputShape(input.Shape);
        var output = new Activation(path.Node, shape, shape);
        graph.Node(
            "Conv",
            path.Node,
            [.. inputs],
            output.Extents,
            [
                AttributeMessage.Of("kernel_shape", [layer.Kernel.Height, layer.Kernel.Width]),
                AttributeMessage.Of("strides", [layer.Stride.Height, layer.Stride.Width]),
                Pads(input.Shape, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding),
                AttributeMessage.Of("dilations", [layer.Dilation.Height, layer.Dilation.Width]),
                AttributeMessage.Of("group", layer.Groups),
            ]);
        return output;
    }

    private Activation AddPool(
        string @operator,
        LayerPath path,
        Activation input,
        Shape shape,
        Extent2D window,
        Extent2D stride,
        Padding2D padding,
        params ReadOnlySpan<AttributeMessage> more)
    {
        var output = new Activation(path.Node, shape, shape);
        graph.Node(
            @operator,
            path.Node,
            [input.Name],
            output.Extents,
            [
                AttributeMessage.Of("kernel_shape", [window.Height, window.Width]),
                AttributeMessage.Of("strides", [stride.Height, stride.Width]),
                Pads(input.Shape, window, stride, 1, padding),
                .. more,
            ]);
        return output;
    }

    private Activation AddGlobalAveragePool(LayerPath path, Activation input)
    {
        input = rearrangement.ChannelsFirst(input);
        int channels = input.Shape[2];
        string means = graph.Node("GlobalAveragePool", $"{path}/means", [input.Name], [channels, 1, 1]);
        return new(graph.Node("Flatten", path.Node, [means], [channels], AttributeMessage.Of("axis", 1)), channels, null);
    }

    private Activation AddBatchNorm(BatchNorm layer, LayerPath path, Activation input)
    {
        if (input.Shape.Rank > 1)
            input = rearrangement.ChannelsFirst(input);
        string[] inputs = [input.Name, .. new[] { "scale", "shift", "mean", "variance" }.Select(what => Features(path, what, input))];
        string name = graph.Node(
            "BatchNormalization",
            path.Node,
            inputs,
            input.Extents,
            AttributeMessage.Of("epsilon", (float)layer.Epsilon),
            AttributeMessage.Of("momentum", (float)layer.Momentum));
        return input with { Name = name };
    }

    private Activation AddLayerNorm(LayerNorm layer, LayerPath path, Activation input)
    {
        if (input.Shape.Rank > 1)
            input = rearrangement.ChannelsLast(input);
        string name = graph.Node(
            "LayerNormalization",
            path.Node,
            [input.Name, Features(path, "scale", input), Features(path, "shift", input)],
            input.Extents,
            AttributeMessage.Of("axis", -1),
            AttributeMessage.Of("epsilon", (float)layer.Epsilon));
        return input with { Name = name };
    }

    private Activation AddSilu(LayerPath path, Activation input)
    {
        string sigmoid = graph.Node("Sigmoid", $"{path}/sigmoid", [input.Name], input.Extents);
        return Same("Mul", path, input, [sigmoid]);
    }

    /// <summary>x (1 + erf(x / sqrt(2))) / 2.</summary>
    private Activation AddExactGelu(LayerPath path, Activation input)
    {
        int[] extents = input.Extents;
        string scaled = graph.Node("Mul", $"{path}/scaled", [input.Name, graph.Scalar((float)Math.Sqrt(0.5))], extents);
        string erf = graph.Node("Erf", $"{path}/erf", [scaled], extents);
        return Gate(path, input, erf);
    }

    /// <summary>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2.</summary>
    private Activation AddTanhGelu(LayerPath path, Activation input)
    {
        int[] extents = input.Extents;
        string square = graph.Node("Mul", $"{path}/square", [input.Name, input.Name], extents);
        string cube = graph.Node("Mul", $"{path}/cube", [square, input.Name], extents);
        string term = graph.Node("Mul", $"{path}/term", [cube, graph.Scalar(0.044715f)], extents);
        string sum = graph.Node("Add", $"{path}/sum", [input.Name, term], extents);
        string scaled = graph.Node("Mul", $"{path}/scaled", [sum, graph.Scalar((float)Math.Sqrt(2 / Math.PI))], extents);
        return Gate(path, input, graph.Node("Tanh", $"{path}/tanh", [scaled], extents));
    }

    private Activation Gate(LayerPath path, Activation input, string sigmoidal)
    {
        string above = graph.Node("Add", $"{path}/above", [sigmoidal, graph.Scalar(1)], input.Extents);
        string half = graph.Node("Mul", $"{path}/half", [input.Name, graph.Scalar(0.5f)], input.Extents);
        return input with { Name = graph.Node("Mul", path.Node, [half, above], input.Extents) };
    }

    /// <summary>
    /// The border of each side, in numbers: ONNX has an option for <see cref="Padding2D.Same"/>, but it is deprecated, and some runtimes do
    /// not read it.
    /// </summary>
    private static AttributeMessage Pads(Shape input, Extent2D window, Extent2D stride, Extent2D dilation, Padding2D padding)
    {
        if (padding != Padding2D.Same)
            return AttributeMessage.Of("pads", [padding.Height, padding.Width, padding.Height, padding.Width]);
        (long top, long bottom) = SamePadding.Of(input[0], window.Height, stride.Height, dilation.Height);
        (long left, long right) = SamePadding.Of(input[1], window.Width, stride.Width, dilation.Width);
        return AttributeMessage.Of("pads", [top, left, bottom, right]);
    }

    private string Vector(LayerPath path, string what) =>
        graph.Floats(path.NameOf(what), [values[path.NameOf(what)].Count], values[path.NameOf(what)].AsSpan());

    /// <summary>A number for each channel of an image or feature of a vector, in the order of the activations.</summary>
    private string Features(LayerPath path, string what, Activation input)
    {
        // A normalization without a learned scale multiplies by 1.
        Matrix<float> numbers = values.TryGetValue(path.NameOf(what), out Matrix<float>? found) ? found : Ones(input.Shape);
        return graph.Floats(
            path.NameOf(what), [numbers.Count], input.Shape.Rank == 1 ? input.Arrange(numbers.AsSpan()) : numbers.AsSpan());
    }

    private static Matrix<float> Ones(Shape shape)
    {
        var ones = new Matrix<float>(1, shape[shape.Rank - 1]);
        ones.AsSpan().Fill(1);
        return ones;
    }
}
