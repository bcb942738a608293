using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Import;

/// <content>Convolutions and pools.</content>
internal sealed partial class GraphImport
{
    /// <summary>Zeros that a node adds around images: they become padding of the convolution or pool that reads them.</summary>
    private readonly Dictionary<Value, (Value Image, long[] Pads)> _padded = [];

    private Value Convolution(NodeReader node)
    {
        (Value input, long[] more) = Unpadded(node.Example(0));
        Tensor weights = node.Fixed(1, "weights");
        Tensor? biases = node.TryFixed(2, "biases");
        if (weights.Extents.Length != 4)
            throw node.Refuse($"expected a convolution over two axes, weights [filters, channels, height, width]; found weights {weights}");
        RequireImage(node, input);
        int filters = weights.Extents[0], channels = weights.Extents[1];
        long groups = node.Whole("group", 1);
        if (groups < 1 || groups > filters || filters % groups != 0 || channels * groups != input.Shape[2])
        {
            throw node.Refuse(
                $"expected weights for {input.Shape[2]} channels in {groups} groups; found {weights}");
        }
        if (biases is not null && (biases.Extents.Length != 1 || biases.Elements.Length != filters))
            throw node.Refuse($"expected {filters} biases; found {biases}");
        Extent2D kernel = ExtentOf(node, "kernel_shape", new(weights.Extents[2], weights.Extents[3]));
        if (kernel != new Extent2D(weights.Extents[2], weights.Extents[3]))
            throw node.Refuse($"expected the kernel {kernel} of its attribute; found weights {weights}");
        Extent2D stride = ExtentOf(node, "strides", 1), dilation = ExtentOf(node, "dilations", 1);
        var layer = new Convolution2D(filters, kernel)
        {
            Stride = stride,
            Dilation = dilation,
            Groups = (int)groups,
            HasBiases = biases is not null,
            Padding = PaddingOf(node, input.Shape, kernel, stride, dilation, more),
        };
        double[] turned = ConvolutionWeights.FromOnnx<double>(weights.Elements, channels, filters);
        Shape shape = layer.OutputShape(input.Shape);
        return AddLayer(node, layer, input, PlanarExtents(shape), shape, biases is null ? [turned] : [turned, biases.Elements]);
    }

    private Value MaxPool(NodeReader node)
    {
        node.Require("storage_order", 0, "rows first");
        if (node.OutputCount > 1)
            throw node.Refuse("expected the largest numbers alone; found their places as a second output");
        return Pool(node, (window, stride, padding) => new MaxPool(window) { Stride = stride, Padding = padding }, false);
    }

    private Value AveragePool(NodeReader node)
    {
        bool counts = node.Whole("count_include_pad", 0) != 0;
        return Pool(
            node,
            (window, stride, padding) => new AveragePool(window)
            {
                Stride = stride,
                Padding = padding,
                CountsPadding = counts,
            },
            counts);
    }

    private Value Pool(NodeReader node, Func<Extent2D, Extent2D, Padding2D, Layer> make, bool countsPadding)
    {
        Value input = node.Example(0);
        RequireImage(node, input);
        Extent2D window = ExtentOf(node, "kernel_shape", new(0, 0)), stride = ExtentOf(node, "strides", 1);
        if (ExtentOf(node, "dilations", 1) != 1)
            throw node.Refuse("expected windows without gaps; found dilations");
        bool isCeiling = node.Whole("ceil_mode", 0) != 0;
        Padding2D padding = PaddingOf(node, input.Shape, window, stride, 1, [0, 0, 0, 0], isCeiling, countsPadding);
        Layer layer = make(window, stride, padding);
        Shape shape = layer.OutputShape(input.Shape);
        return AddLayer(node, layer, input, PlanarExtents(shape), shape);
    }

    private Value GlobalAveragePool(NodeReader node, Value input)
    {
        RequireImage(node, input);
        Value means = Means(node, input);
        return means with { Extents = PlanarExtents(means.Shape), Planar = means.Shape };
    }

    private object ReduceMean(NodeReader node)
    {
        Value input = node.Example(0);
        if (MeanOfLastAxis(node, input) is { } mean)
            return mean;
        long[]? axes = AxesOf(node);
        bool keeps = node.Whole("keepdims", 1) != 0;
        node.Whole("noop_with_empty_axes", 0);
        int rank = input.Extents.Length + 1;
        long[] over = [.. (axes ?? []).Select(axis => axis < 0 ? axis + rank : axis).Order()];
        long[] spatial = input.Planar is null ? [1, 2] : [2, 3];
        if (input.Extents.Length != 3 || input.Shape.Rank != 3 || !over.AsSpan().SequenceEqual(spatial))
        {
            throw node.Refuse(
                $"expected a mean over the height and width of an image, axes [{string.Join(", ", spatial)}]; found axes "
                + $"[{string.Join(", ", over)}] of {input.Text}");
        }
        Value means = Means(node, input);
        if (input.Planar is not null)
            means = means with { Extents = PlanarExtents(means.Shape), Planar = means.Shape };
        return keeps ? means : AsVector(node, means);
    }

    private Value Means(NodeReader node, Value input)
    {
        var layer = new AveragePool(new Extent2D(input.Shape[0], input.Shape[1]));
        var step = new Step(StepKind.Layer, node.Name, node.Operator, layer.OutputShape(input.Shape), input.Step)
        {
            Layer = layer,
            IsGlobal = true,
        };
        return new(Add(step), [1, 1, input.Shape[2]], null);
    }

    private Value Pad(NodeReader node)
    {
        Value input = node.Example(0);
        string mode = node.Text("mode", "constant");
        long[] pads = node.TryWholes("pads") ?? node.TryWhole(1, "pads")?.Elements.Select(pad => pad ?? 0).ToArray()
            ?? throw node.Refuse("expected pads; found none");
        double value = node.Number("value", node.TryNumber(2, "the value of the padding") ?? 0);
        if (node.TryInput(3) is not null)
            throw node.Refuse("expected pads for all axes; found a choice of axes");
        int rank = input.Extents.Length + 1;
        if (mode != "constant" || value != 0 || pads.Length != 2 * rank)
            throw node.Refuse($"expected zeros around an image; found mode {mode}, value {value}, pads [{string.Join(", ", pads)}]");
        if (pads.AsSpan().IndexOfAnyExcept(0) < 0)
            return input;
        int first = input.Planar is null ? 1 : 2;
        bool isSpatial = rank == 4 && input.Shape.Rank == 3
            && pads.Select((pad, i) => (pad, axis: i % rank)).All(pad => pad.pad == 0 || (pad.axis >= first && pad.axis < first + 2));
        if (!isSpatial || pads.Any(pad => pad is < 0 or > 1 << 20))
            throw node.Refuse($"expected zeros around the height and width of an image; found pads [{string.Join(", ", pads)}]");
        var padded = input with { Extents = [.. input.Extents] };
        for (int i = 0; i < padded.Extents.Length; i++)
        {
            long extent = padded.Extents[i] + pads[i + 1] + pads[i + 1 + rank];
            padded.Extents[i] = extent <= int.MaxValue
                ? (int)extent
                : throw node.Refuse($"expected a padded image of sides up to {int.MaxValue}; found {extent}");
        }
        (Value image, long[] before) = Unpadded(input);
        _padded.Add(padded, (image,
            [before[0] + pads[first], before[1] + pads[first + 1], before[2] + pads[first + rank], before[3] + pads[first + 1 + rank]]));
        return padded;
    }

    /// <summary>An image without the zeros that a node put around it, and these.</summary>
    private (Value Image, long[] Pads) Unpadded(Value value) =>
        _padded.TryGetValue(value, out (Value Image, long[] Pads) padded) ? padded : (value, [0, 0, 0, 0]);

    private void RequireImage(NodeReader node, Value input)
    {
        if (!input.IsPlanarImage)
            throw node.Refuse($"expected images [batch, channels, height, width]; found {Described(input)}");
        RequireUnpadded(node, input);
    }

    private void RequireUnpadded(NodeReader node, Value input)
    {
        if (_padded.ContainsKey(input))
            throw node.Refuse("the zeros around its input are understood where a convolution reads them");
    }

    private static string Described(Value value) => value.Extents.Length == 3 && value.Planar is null
        ? $"{value.Text}, which are channels last or no images"
        : value.Text;

    private static Extent2D ExtentOf(NodeReader node, string name, Extent2D otherwise)
    {
        long[]? found = node.TryWholes(name);
        if (found is null)
            return otherwise;
        return found is [>= 1 and <= 1 << 23, >= 1 and <= 1 << 23]
            ? new((int)found[0], (int)found[1])
            : throw node.Refuse($"expected {name} of two extents of at least 1; found [{string.Join(", ", found)}]");
    }

    /// <summary>The padding as the library has it: the same on both sides of an axis, or <see cref="Padding2D.Same"/>.</summary>
    /// <param name="node">The node, whose attributes say it.</param>
    /// <param name="input">The image.</param>
    /// <param name="window">The kernel or window.</param>
    /// <param name="stride">The stride.</param>
    /// <param name="dilation">The dilation.</param>
    /// <param name="more">What a node before it put around the image: top, left, bottom, right.</param>
    /// <param name="isCeiling">Whether a last window may begin within the image and reach beyond the padding.</param>
    /// <param name="countsPadding">Whether a mean counts the padding's zeros.</param>
    private static Padding2D PaddingOf(
        NodeReader node,
        Shape input,
        Extent2D window,
        Extent2D stride,
        Extent2D dilation,
        long[] more,
        bool isCeiling = false,
        bool countsPadding = false)
    {
        string automatic = node.Text("auto_pad", "NOTSET");
        long[]? given = node.TryWholes("pads");
        if (given is not null && (given.Length != 4 || given.Any(pad => pad is < 0 or > 1 << 23)))
            throw node.Refuse($"expected pads of four numbers of at least 0; found [{string.Join(", ", given)}]");
        long[] pads = given ?? [0, 0, 0, 0];
        if (automatic is "SAME_UPPER" or "SAME_LOWER" && more.All(pad => pad == 0))
        {
            if (automatic == "SAME_UPPER")
                return Padding2D.Same;
            (long top, long bottom) = SamePadding.Of(input[0], window.Height, stride.Height, dilation.Height);
            (long left, long right) = SamePadding.Of(input[1], window.Width, stride.Width, dilation.Width);
            pads = [bottom, right, top, left];
        }
        else if (automatic is "VALID")
            pads = [0, 0, 0, 0];
        else if (automatic is not ("NOTSET" or ""))
            throw node.Refuse($"expected auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER without a Pad before; found {automatic}");
        for (int i = 0; i < 4; i++)
            pads[i] += more[i];
        long beyondBottom = 0, beyondRight = 0;
        if (isCeiling)
        {
            beyondBottom = Beyond(input[0], window.Height, stride.Height, pads[0], pads[2]);
            beyondRight = Beyond(input[1], window.Width, stride.Width, pads[1], pads[3]);
            if (countsPadding && (beyondBottom > 0 || beyondRight > 0))
                throw node.Refuse("a last window beyond the padding, of ceil_mode, counts less than the others, which no layer does");
        }
        var vertical = new AxisWindows(input[0], window.Height, stride.Height, dilation.Height, pads[0], pads[2] + beyondBottom);
        var horizontal = new AxisWindows(input[1], window.Width, stride.Width, dilation.Width, pads[1], pads[3] + beyondRight);
        if (vertical.IsSymmetric && horizontal.IsSymmetric)
            return Padding2D.Of((int)pads[0], (int)pads[1]);
        if (vertical.IsSame && horizontal.IsSame)
            return Padding2D.Same;
        throw node.Refuse(
            "expected a padding that is the same on both sides, or gives an output for every stride; found top, left, bottom, right "
            + $"[{string.Join(", ", pads)}]{(isCeiling ? " with ceil_mode" : "")}");
    }

    /// <summary>How far the last window reaches beyond the padding where outputs are rounded up.</summary>
    private static long Beyond(long input, long window, long stride, long before, long after)
    {
        long room = input + before + after - window;
        if (room < 0 || room % stride == 0)
            return 0;
        long outputs = (room / stride) + 2;
        return (outputs - 1) * stride >= input + before ? 0 : ((outputs - 1) * stride) + window - (input + before + after);
    }
}
