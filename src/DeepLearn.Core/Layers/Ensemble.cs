using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// Several networks that see the same input, and whose predictions are combined into one (Hansen and Salamon, "Neural Network Ensembles",
/// 1990). The outputs are log-probabilities: a softmax over them gives the ensemble's probabilities, and the loss and accuracy of a model
/// that ends in this layer are the ensemble's.
/// </summary>
/// <remarks>
/// Every member takes the whole input; all give outputs of one shape, which is the ensemble's: one for each of at least two classes. The
/// softmax of a member is over all of them. A probability below the smallest normal float counts as that, so that its logarithm, about -87,
/// is finite; it then has no gradient.
/// </remarks>
/// <example><code>
/// Layer member = new Sequential(new Dense(20), new Relu(), new Dense(10));
/// Model&lt;float&gt; five = new Ensemble(EnsembleCombination.Average, member, member, member, member, member)
///     .Build&lt;float&gt;(training.ExampleShape, seed: 1);    // each member has its own weights
/// </code></example>
public sealed record Ensemble : Layer
{
    /// <summary>Makes an ensemble of networks.</summary>
    /// <param name="combination">How the outputs of the members are combined.</param>
    /// <param name="members">The networks, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="combination"/> is neither.</exception>
    public Ensemble(EnsembleCombination combination, params Layer[] members)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (combination is not (EnsembleCombination.Average or EnsembleCombination.MajorityVote))
            throw new ArgumentOutOfRangeException(nameof(combination), combination, "The combination is Average or MajorityVote.");
        if (members.Length == 0)
            throw new ArgumentException("An ensemble has at least one member; found none.", nameof(members));
        foreach (Layer member in members)
            ArgumentNullException.ThrowIfNull(member, nameof(members));
        Combination = combination;
        Members = ValueList.Create(members);
    }

    /// <summary>How the members' outputs are combined.</summary>
    public EnsembleCombination Combination { get; }

    /// <summary>The networks.</summary>
    public ValueList<Layer> Members { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Shape first = Members[0].OutputShape(input);
        for (int i = 1; i < Members.Count; i++)
        {
            Shape other = Members[i].OutputShape(input);
            RequireInput(
                other == first, $"inputs of which its members, which give {first} and {other} here, make outputs of one shape", input);
        }
        RequireInput(
            first.Count > 1, "inputs of which its members make outputs for at least two classes, whose probabilities it combines", input);
        return first;
    }

    /// <inheritdoc/>
    public override bool ReadsPixels(Shape input) => Members.Any(member => member.ReadsPixels(input));

    /// <summary>Logarithms of probabilities: from that of the smallest normal float to 0.</summary>
    /// <param name="input">The range of its input.</param>
    public override NumberRange OutputRange(NumberRange input) => new(-87.34, 0);

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        Shape output = OutputShape(build.Input);
        var members = new LayerRuntime<T>[Members.Count];
        for (int i = 0; i < members.Length; i++)
            members[i] = Members[i].CreateRuntime<T>(
                build.Inner(build.Input, $"member{i + 1}", i) with { Next = Nonlinearity.Other });
        return new EnsembleRuntime<T>(Combination, members, build.Input, output);
    }
}
