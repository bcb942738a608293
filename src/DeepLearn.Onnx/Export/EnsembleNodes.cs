using DeepLearn.Layers;
using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx.Export;

/// <summary>
/// The nodes of <see cref="Ensemble"/>: the mean of the members' probabilities, with their votes where these count, as logarithms.
/// </summary>
internal sealed class EnsembleNodes(GraphBuilder graph, Rearrangement rearrangement)
{
    /// <summary>The smallest normal float, which a smaller probability counts as.</summary>
    public const float Smallest = 1.17549435e-38f;

    /// <summary>Adds the nodes that combine the members' scores.</summary>
    public Activation Add(Ensemble ensemble, LayerPath path, Activation[] members)
    {
        bool isVote = ensemble.Combination == EnsembleCombination.MajorityVote;

        // Of equal votes the first counts, so that the order of the classes must be the library's.
        bool isAlike = !isVote && Array.TrueForAll(members, member => member.Planar == members[0].Planar);
        var probabilities = new string[members.Length];
        Activation vector = default;
        for (int i = 0; i < members.Length; i++)
        {
            Activation member = isAlike ? members[i] : rearrangement.ChannelsLast(members[i]);
            vector = rearrangement.Vector(member, $"{path}/member{i + 1}/flatten");
            probabilities[i] = graph.Node(
                "Softmax", $"{path}/member{i + 1}/probabilities", [vector.Name], vector.Extents, AttributeMessage.Of("axis", -1));
        }
        string combined = graph.Node("Mean", $"{path}/mean", probabilities, vector.Extents);
        if (isVote)
            combined = Vote(path, probabilities, combined, vector.Extents);
        combined = graph.Node("Clip", $"{path}/clip", [combined, graph.Scalar(Smallest)], vector.Extents);
        combined = graph.Node("Log", $"{path}/log", [combined], vector.Extents);
        return members[0].Shape.Rank == 1
            ? vector with { Name = combined }
            : rearrangement.Reshape(combined, new($"{path}/scores", members[0].Shape, vector.Planar));
    }

    private string Vote(LayerPath path, string[] probabilities, string mean, int[] extents)
    {
        string depth = graph.Integers($"{path}/classes", [extents[0]]);
        string values = graph.Floats($"{path}/no_and_yes", [2], [0, 1]);
        var terms = new string[probabilities.Length + 1];
        terms[0] = mean;
        for (int i = 0; i < probabilities.Length; i++)
        {
            string name = $"{path}/member{i + 1}";
            string best = graph.Node(
                "ArgMax", $"{name}/best", [probabilities[i]], null, AttributeMessage.Of("axis", 1), AttributeMessage.Of("keepdims", 0));
            terms[i + 1] = graph.Node("OneHot", $"{name}/vote", [best, depth, values], extents, AttributeMessage.Of("axis", -1));
        }
        string sum = graph.Node("Sum", $"{path}/votes", terms, extents);
        return graph.Node("Div", $"{path}/shares", [sum, graph.Scalar(terms.Length)], extents);
    }
}
