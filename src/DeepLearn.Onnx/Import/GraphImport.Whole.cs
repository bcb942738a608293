using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx.Import;

/// <content>What shapes are computed with: exporters write <c>x.view(x.size(0), -1)</c> as operators on whole numbers.</content>
internal sealed partial class GraphImport
{
    private static object Constant(NodeReader node)
    {
        if (node.TryTensor("value") is { } tensor)
            return node.Constant(tensor);
        if (node.Has("value_float"))
            return new Tensor([], [node.Number("value_float", 0)]);
        if (node.Has("value_int"))
            return new Integers([node.Whole("value_int", 0)], true);
        if (node.TryNumbers("value_floats") is { } floats)
            return new Tensor([floats.Length], [.. floats.Select(number => (double)number)]);
        if (node.TryWholes("value_ints") is { } integers)
            return new Integers([.. integers.Select(number => (long?)number)]);
        throw node.Refuse("expected numbers; found none");
    }

    private static Integers ShapeOf(NodeReader node)
    {
        long?[] extents = node.TryInput(0) is Tensor tensor
            ? [.. tensor.Extents.Select(extent => (long?)extent)]
            : [null, .. node.Example(0).Extents.Select(extent => (long?)extent)];
        (int first, int end) = Range(node.Whole("start", 0), node.Whole("end", long.MaxValue), extents.Length);
        return new(extents[first..end]);
    }

    private static Integers Gather(NodeReader node)
    {
        Integers from = node.TryWhole(0, "the extents") ?? throw node.Refuse("expected extents; found none");
        Integers places = node.TryWhole(1, "the places") ?? throw node.Refuse("expected places; found none");
        node.Require("axis", 0, "the only one");
        var gathered = new long?[places.Elements.Length];
        for (int i = 0; i < gathered.Length; i++)
        {
            long place = places.Elements[i] ?? long.MaxValue;
            place += place < 0 ? from.Elements.Length : 0;
            gathered[i] = place >= 0 && place < from.Elements.Length
                ? from.Elements[place]
                : throw node.Refuse($"expected places within {from}; found {places}");
        }
        return new(gathered, places.IsScalar);
    }

    private object Concat(NodeReader node)
    {
        if (TryTwoClasses(node) is { } classes)
            return classes;
        var parts = new List<long?>();
        node.Whole("axis", 0);
        for (int i = 0; i < node.InputCount; i++)
        {
            if (node.TryInput(i) is not Integers part)
                throw node.Refuse("values side by side have no counterpart among the library's layers");
            if (part.Elements.Length > 64 || parts.Count > 64)
                throw node.Refuse("expected shapes of at most 64 axes; found more");
            parts.AddRange(part.Elements);
        }
        return new Integers([.. parts]);
    }

    private static Integers Slice(NodeReader node)
    {
        if (node.TryInput(0) is not Integers from)
            throw node.Refuse("a part of what depends on the examples has no counterpart among the library's layers");
        long[] starts = node.TryWholes("starts") ?? Numbers(1, "the first places");
        long[] ends = node.TryWholes("ends") ?? Numbers(2, "the ends");
        long[] axes = node.TryWholes("axes") ?? (node.InputCount > 3 ? Numbers(3, "the axes") : [0]);
        long[] steps = node.InputCount > 4 ? Numbers(4, "the steps") : [1];
        if (starts.Length != 1 || ends.Length != 1 || axes is not [0] || steps is not [1])
            throw node.Refuse("expected neighboring extents of a shape; found another part");
        (int first, int end) = Range(starts[0], ends[0], from.Elements.Length);
        return new(from.Elements[first..end]);

        long[] Numbers(int index, string what) =>
            [.. (node.TryWhole(index, what) ?? throw node.Refuse($"expected {what}; found none")).Elements.Select(number => number ?? 0)];
    }

    private static Integers WholeArithmetic(NodeReader node, Integers left, Integers right)
    {
        if (left.Elements.Length != 1 || right.Elements.Length != 1 || left.Elements[0] is not { } a || right.Elements[0] is not { } b)
            throw node.Refuse($"expected two known extents; found {left} and {right}");
        if (Math.Abs(a) > int.MaxValue || Math.Abs(b) > int.MaxValue || (node.Operator == "Div" && b == 0))
            throw node.Refuse($"expected extents; found {left} and {right}");
        long result = node.Operator switch { "Add" => a + b, "Sub" => a - b, "Mul" => a * b, _ => a / b };
        return new([result], left.IsScalar && right.IsScalar);
    }

    private static (int First, int End) Range(long start, long end, int count)
    {
        long first = Math.Clamp(start < 0 ? start + count : start, 0, count);
        long last = Math.Clamp(end < 0 ? end + count : end, first, count);
        return ((int)first, (int)last);
    }
}
