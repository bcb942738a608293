namespace DeepLearn.Layers;

/// <summary>What an <see cref="ExecutionPlan"/> is made from: all that is known of a layer without running it.</summary>
/// <param name="Name">The name of the layer in its sequence, as in <c>dense1</c>.</param>
/// <param name="Traits">What the layer declares.</param>
/// <param name="FusesRelu">Whether it is an <see cref="IFusesRelu{T}"/>.</param>
/// <param name="HasParameters">Whether it has parameters.</param>
/// <param name="Outputs">The number of outputs of an example.</param>
public sealed record LayerDeclaration(string Name, LayerTraits Traits, bool FusesRelu, bool HasParameters, int Outputs)
{
    /// <summary>Whether it is an <see cref="IFusesReluBackward{T}"/> too. Default false.</summary>
    public bool FusesReluBackward { get; init; }

    /// <summary>Whether it is an <see cref="IReportsOutput{T}"/>. Default false.</summary>
    public bool ReportsOutput { get; init; }

    /// <summary>Whether it is an <see cref="IFollowsInput{T}"/>. Default false.</summary>
    public bool FollowsInput { get; init; }
}
