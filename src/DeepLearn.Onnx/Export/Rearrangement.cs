using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Export;

/// <summary>Brings activations into the order that an operator reads. A value that was rearranged once is reused.</summary>
internal sealed class Rearrangement(GraphBuilder graph)
{
    private readonly Dictionary<string, Activation> _planar = [];
    private readonly Dictionary<string, Activation> _last = [];

    /// <summary>The activations with the channels as the first axis of an example.</summary>
    /// <param name="value">Activations of at least two axes.</param>
    public Activation ChannelsFirst(Activation value)
    {
        if (value.Planar is not null)
            return value;
        if (!_planar.TryGetValue(value.Name, out Activation planar))
        {
            planar = value with { Planar = value.Shape };
            planar = planar with { Name = Transpose(value, $"{value.Name}/channels_first", planar, FirstOf(value.Shape.Rank)) };
            _planar.Add(value.Name, planar);
        }
        return planar;
    }

    /// <summary>The activations as the library has them.</summary>
    /// <param name="value">Activations of any shape.</param>
    public Activation ChannelsLast(Activation value)
    {
        if (value.Planar is null)
            return value;
        if (!_last.TryGetValue(value.Name, out Activation last))
        {
            last = value with { Planar = null };
            if (value.Shape.Rank > 1)
                last = last with { Name = Transpose(value, $"{value.Name}/channels_last", last, LastOf(value.Shape.Rank)) };
            else
            {
                var image = new Activation($"{value.Name}/image", value.Planar, value.Planar);
                image = Reshape(value.Name, image);
                last = Flat(ChannelsLast(image), $"{value.Name}/channels_last");
            }
            _last.Add(value.Name, last);
        }
        return last;
    }

    /// <summary>Two activations of one shape in one order.</summary>
    public (Activation First, Activation Second) Alike(Activation first, Activation second)
    {
        if (first.Planar == second.Planar)
            return (first, second);
        return first.Shape.Rank == 1
            ? (ChannelsLast(first), ChannelsLast(second))
            : (ChannelsFirst(first), ChannelsFirst(second));
    }

    /// <summary>The activations as a vector, in whichever order they are.</summary>
    /// <param name="value">Activations of any shape.</param>
    /// <param name="name">The name of the node, where one is needed.</param>
    public Activation Vector(Activation value, string name) => value.Shape.Rank == 1 ? value : Flat(value, name);

    /// <summary>The activations as a vector, always with a node of its own.</summary>
    public Activation Flat(Activation value, string name)
    {
        var flat = new Activation(name, value.Shape.Count, value.IsMoved ? value.Planar : null);
        graph.Node("Flatten", name, [value.Name], flat.Extents, AttributeMessage.Of("axis", 1));
        return flat;
    }

    /// <summary>A vector as activations of several axes, in whichever order it is.</summary>
    /// <param name="vector">The name of the vector.</param>
    /// <param name="value">The activations that it becomes, with their name.</param>
    public Activation Reshape(string vector, Activation value)
    {
        string shape = graph.Integers($"{value.Name}/shape", [0, .. value.Extents.Select(extent => (long)extent)]);
        graph.Node("Reshape", value.Name, [vector, shape], value.Extents);
        return value;
    }

    private static long[] FirstOf(int rank) => [0, rank, .. Enumerable.Range(1, rank - 1).Select(axis => (long)axis)];

    private static long[] LastOf(int rank) => [0, .. Enumerable.Range(2, rank - 1).Select(axis => (long)axis), 1];

    private string Transpose(Activation value, string name, Activation to, long[] axes) =>
        graph.Node("Transpose", name, [value.Name], to.Extents, AttributeMessage.Of("perm", axes.AsSpan()));
}
