using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>Combines several trained models into one.</summary>
/// <example><code>
/// var members = new List&lt;ModelSnapshot&lt;float&gt;&gt;();
/// for (ulong seed = 1; seed &lt;= 3; seed++)
/// {
///     Model&lt;float&gt; member = network.Build&lt;float&gt;(training.ExampleShape, seed);
///     using var trainer = new Trainer&lt;float&gt;(member, plan with { Seed = seed }, training, test);
///     trainer.Run();
///     members.Add(ModelSnapshot&lt;float&gt;.Of(member));
/// }
/// Model&lt;float&gt; ensemble = network.BuildEnsemble(training.ExampleShape, EnsembleCombination.Average, members);
/// </code></example>
public static class EnsembleBuilding
{
    /// <summary>
    /// Builds a model whose members hold the given snapshots: an ordinary model, to be evaluated and used like any other. What their cards
    /// say of inputs and outputs is on its card; what was said of a member's training and the temperature of its scores is not.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="network">The network that all snapshots were taken from; its outputs are class scores.</param>
    /// <param name="inputShape">The shape of one example.</param>
    /// <param name="combination">How the members' outputs are combined.</param>
    /// <param name="snapshots">The snapshot that each member holds; at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no snapshot, one is of another network, or members know inputs or outputs by other normalizations, classes or features.
    /// </exception>
    public static Model<T> BuildEnsemble<T>(
        this Layer network, Shape inputShape, EnsembleCombination combination, IReadOnlyList<ModelSnapshot<T>> snapshots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(snapshots);
        if (snapshots.Count == 0)
            throw new ArgumentException("An ensemble has at least one member; found none.", nameof(snapshots));
        foreach (ModelSnapshot<T> snapshot in snapshots)
            ArgumentNullException.ThrowIfNull(snapshot, nameof(snapshots));
        ModelCard card = CardOf(snapshots);
        var members = new Layer[snapshots.Count];
        Array.Fill(members, network);
        Model<T> ensemble = new Ensemble(combination, members).Build<T>(inputShape, 0);
        Model<T> member = network.Build<T>(inputShape, 0);
        int parameters = 0;
        int buffers = 0;
        foreach (ModelSnapshot<T> snapshot in snapshots)
        {
            snapshot.RestoreTo(member);
            foreach (var parameter in member.Parameters)
                parameter.Value.AsSpan().CopyTo(ensemble.Parameters[parameters++].Value.AsSpan());
            foreach (var buffer in member.Buffers)
                buffer.Value.AsSpan().CopyTo(ensemble.Buffers[buffers++].Value.AsSpan());
        }
        ensemble.Card = card;
        return ensemble;
    }

    private static ModelCard CardOf<T>(IReadOnlyList<ModelSnapshot<T>> snapshots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ModelCard card = MeaningOf(snapshots[0].Card);
        for (int i = 1; i < snapshots.Count; i++)
        {
            if (MeaningOf(snapshots[i].Card) != card)
            {
                throw new ArgumentException(
                    "All members of an ensemble are given the same inputs; expected the normalization, classes and features of the card of "
                    + $"snapshot 0, found others on that of snapshot {i}. Train them with the same ones; a snapshot has the card that its "
                    + "model had when it was taken.",
                    nameof(snapshots));
            }
        }
        return card with
        {
            Texts = [.. snapshots[0].Card.Texts.Where(text => snapshots.All(snapshot => snapshot.Card.Texts.Contains(text)))],
        };

        static ModelCard MeaningOf(ModelCard card) => card with { Training = null, Temperature = 1, Texts = [] };
    }
}
