using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Import;

/// <content>Other shapes of the same numbers.</content>
internal sealed partial class GraphImport
{
    private object Flatten(NodeReader node)
    {
        Value input = node.Example(0);
        long axis = node.Whole("axis", 1);
        int rank = input.Extents.Length + 1;
        if ((axis < 0 ? axis + rank : axis) != 1)
            throw node.Refuse($"expected axis 1, a vector for each example; found {axis}");
        return AsVector(node, input);
    }

    private object Reshape(NodeReader node)
    {
        if (node.TryInput(0) is Tensor tensor)
            return ReshapeFixed(node, tensor);
        Value input = node.Example(0);
        Integers shape = node.TryWhole(1, "the shape") ?? throw node.Refuse("expected a shape; found none");
        bool copiesZeros = node.Whole("allowzero", 0) == 0;
        long?[] wanted = [.. shape.Elements];
        if (wanted.Length < 2)
            throw node.Refuse($"expected a shape with the batch as its first axis; found {shape}");

        // An extent of -1, which follows from the others, may be the batch.
        long known = 1;
        int found = -1;
        for (int i = 1; i < wanted.Length; i++)
        {
            if (wanted[i] == 0 && copiesZeros)
                wanted[i] = i <= input.Extents.Length ? input.Extents[i - 1] : 0;
            if (wanted[i] == -1 && found < 0)
                found = i;
            else if (wanted[i] is > 0 and <= int.MaxValue && known * wanted[i]!.Value <= int.MaxValue)
                known *= wanted[i]!.Value;
            else
                throw Misfit();
        }
        if (found > 0)
            wanted[found] = input.Shape.Count / known;
        bool keepsBatch = wanted[0] is null or 0 || (wanted[0] == -1 && found < 0) || (wanted[0] == _fixedBatch && _fixedBatch is not null);
        int[] extents = [.. wanted[1..].Select(extent => (int)extent!.Value)];
        if (!keepsBatch || known * (found > 0 ? wanted[found]!.Value : 1) != input.Shape.Count)
            throw Misfit();
        return As(node, input, extents);

        OnnxUnsupportedException Misfit() =>
            node.Refuse($"expected a shape of {input.Shape.Count} numbers for each example; found {shape}");
    }

    private object Squeeze(NodeReader node)
    {
        long[]? axes = AxesOf(node);
        switch (node.TryInput(0))
        {
            case Integers whole:
                return whole.Elements.Length == 1
                    ? whole with { IsScalar = true }
                    : throw node.Refuse($"expected one number; found {whole}");
            case Tensor tensor:
                return tensor with { Extents = Squeezed(tensor.Extents, axes, 0) };
            default:
                Value input = node.Example(0);
                return As(node, input, Squeezed(input.Extents, axes, 1));
        }

        int[] Squeezed(int[] extents, long[]? axes, int batch)
        {
            int rank = extents.Length + batch;
            bool[] isGone = new bool[extents.Length];
            for (int i = 0; i < extents.Length; i++)
                isGone[i] = axes is null && extents[i] == 1;
            foreach (long axis in axes ?? [])
            {
                long place = (axis < 0 ? axis + rank : axis) - batch;
                if (place < 0 || place >= extents.Length || extents[place] != 1)
                    throw node.Refuse($"expected axes of extent 1, not the batch; found axis {axis} of [{string.Join(", ", extents)}]");
                isGone[place] = true;
            }
            return [.. extents.Where((_, i) => !isGone[i])];
        }
    }

    private object Unsqueeze(NodeReader node)
    {
        long[] axes = AxesOf(node) ?? throw node.Refuse("expected axes; found none");
        switch (node.TryInput(0))
        {
            case Integers whole:
                return whole with { IsScalar = false };
            case Tensor tensor:
                return tensor with { Extents = Unsqueezed(tensor.Extents, 0) };
            default:
                Value input = node.Example(0);
                return As(node, input, Unsqueezed(input.Extents, 1));
        }

        int[] Unsqueezed(int[] extents, int batch)
        {
            int rank = extents.Length + batch + axes.Length;
            var wider = new List<int>(extents);
            foreach (long axis in axes.Select(axis => axis < 0 ? axis + rank : axis).Order())
            {
                long place = axis - batch;
                if (place < 0 || place > wider.Count || rank > 8)
                    throw node.Refuse($"expected axes after the batch; found [{string.Join(", ", axes)}]");
                wider.Insert((int)place, 1);
            }
            return [.. wider];
        }
    }

    private static long[]? AxesOf(NodeReader node) =>
        node.TryWholes("axes") ?? node.TryWhole(1, "axes")?.Elements.Select(axis => axis ?? 0).ToArray();

    private object Transpose(NodeReader node)
    {
        long[]? axes = node.TryWholes("perm");
        if (node.TryInput(0) is Tensor tensor)
        {
            return tensor.Extents.Length == 2 && axes is null or [1, 0]
                ? tensor.Transposed()
                : throw node.Refuse($"expected a matrix to be transposed; found {tensor}");
        }
        Value input = node.Example(0);
        RequireUnpadded(node, input);
        int rank = input.Extents.Length + 1;
        axes ??= [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)];
        if (axes.Length != rank || !axes.Order().SequenceEqual(Enumerable.Range(0, rank).Select(axis => (long)axis)))
            throw node.Refuse($"expected an order of {rank} axes; found [{string.Join(", ", axes)}]");
        if (axes.SequenceEqual(axes.Order()))
            return input;
        if (axes is [0, 2, 3, 1] && input.Extents.Length == 3 && input.Planar is not null)
            return new Value(input.Step, [.. input.Extents[1..], input.Extents[0]], null);
        if (axes is [0, 3, 1, 2] && input is { Planar: null, Shape.Rank: 3 })
            return new Value(input.Step, [input.Extents[2], .. input.Extents[..2]], input.Shape);

        // If all extents but one are 1, no element moves.
        if (axes[0] == 0 && input.Extents.Count(extent => extent > 1) <= 1)
        {
            int[] extents = [.. axes[1..].Select(axis => input.Extents[axis - 1])];
            bool isPlanar = input.Shape.Rank == 3 && extents.Length == 3 && extents[0] == input.Shape[2];
            return new Value(input.Step, extents, isPlanar ? input.Shape : null);
        }
        throw node.Refuse(
            $"expected images from planar to channels last, [0, 2, 3, 1], or back, [0, 3, 1, 2]; found [{string.Join(", ", axes)}] of "
            + Described(input));
    }

    /// <summary>The same numbers in other extents.</summary>
    private Value As(NodeReader node, Value input, int[] extents)
    {
        RequireUnpadded(node, input);
        if (extents.AsSpan().SequenceEqual(input.Extents))
            return input;
        if (extents.Length == 1)
            return AsVector(node, input);
        if (input.IsMoved && extents.AsSpan().SequenceEqual(PlanarExtents(input.Planar!)))
            return input with { Extents = extents };
        bool isUntouched = input.Step == Input && Input.Uses == 0 && input.Extents.Length == 1;
        if (isUntouched && extents.Length == 3)
        {
            // The input itself can have the shape that the network reads.
            bool isPlanar = InputOrder == PixelOrder.Planar;
            Input.Shape = isPlanar ? new([.. extents[1..], extents[0]]) : new(extents);
            Notes.Add($"The file takes vectors of {Input.Shape.Count} numbers, of which it makes images; the model takes {Input.Shape}.");
            return new(Input, extents, isPlanar ? Input.Shape : null);
        }

        // A vector may have axes of extent 1.
        if (extents.Count(extent => extent > 1) <= 1 && (input.Shape.Rank == 1 || input.Shape.Count == input.Shape[input.Shape.Rank - 1]))
        {
            bool isImage = input.Shape.Rank == 3 && extents.Length == 3;
            Shape? planar = isImage && extents[0] == input.Shape[2] ? input.Shape : input.Shape.Rank == 1 ? input.Planar : null;
            return new(input.Step, extents, planar);
        }
        throw node.Refuse(
            $"{input.Text} becomes [batch, {string.Join(", ", extents)}]: no layer of the library makes an image of a vector, or another "
            + "image of an image");
    }

    private Value AsVector(NodeReader node, Value input)
    {
        RequireUnpadded(node, input);
        if (input.Shape.Rank == 1)
            return input with { Extents = [input.Shape.Count] };
        if (input.Step.Kind is StepKind.Softmax or StepKind.LogSoftmax)
            return new(input.Step, [input.Shape.Count], input.IsMoved ? input.Planar : null);
        return AddLayer(node, new Flatten(), input, [input.Shape.Count], input.IsMoved ? input.Planar : null);
    }

    private static object Cast(NodeReader node)
    {
        var type = (ElementType)node.Whole("to", 0);
        node.Ignore("saturate");
        return node.TryInput(0) switch
        {
            Integers whole when type is ElementType.Int64 or ElementType.Int32 => whole,
            Integers whole when type is ElementType.Float or ElementType.Double && whole.Elements.All(number => number is not null) =>
                new Tensor(whole.IsScalar ? [] : [whole.Elements.Length], [.. whole.Elements.Select(number => (double)number!.Value)]),
            Value or Moment when type is ElementType.Float or ElementType.Double => node.TryInput(0)!,
            Tensor tensor when type is ElementType.Float or ElementType.Double => tensor,
            Tensor tensor when type is ElementType.Int64 or ElementType.Int32 && tensor.Extents.Length <= 1 =>
                new Integers([.. tensor.Elements.Select(number => (long?)number)], tensor.Extents.Length == 0),
            _ => throw node.Refuse($"expected numbers to become Float or Double, or shapes Int64; found {type}"),
        };
    }

    private static Tensor ReshapeFixed(NodeReader node, Tensor tensor)
    {
        Integers shape = node.TryWhole(1, "the shape") ?? throw node.Refuse("expected a shape; found none");
        node.Whole("allowzero", 0);
        var extents = new int[shape.Elements.Length];
        long known = 1;
        int found = -1;
        for (int i = 0; i < extents.Length; i++)
        {
            long extent = shape.Elements[i] is 0 && i < tensor.Extents.Length ? tensor.Extents[i] : shape.Elements[i] ?? 0;
            if (extent == -1 && found < 0)
                found = i;
            else if (extent > 0 && extent * known <= int.MaxValue)
                known *= extent;
            else
                throw node.Refuse($"expected a shape of {tensor.Elements.Length} numbers; found {shape}");
            extents[i] = (int)extent;
        }
        if (found >= 0)
            known *= extents[found] = (int)(tensor.Elements.Length / known);
        return known == tensor.Elements.Length
            ? new(extents, tensor.Elements)
            : throw node.Refuse($"expected a shape of {tensor.Elements.Length} numbers; found {shape}");
    }
}
