using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>What a layer needs to know to make its runtime.</summary>
/// <param name="Input">The shape of one example before the layer.</param>
/// <param name="Path">The path of the layer in the model, as in <c>dense1</c> or <c>residual2/dense1</c>.</param>
/// <param name="Key">The name of the layer's random numbers; a layer with several parameters derives a key for each.</param>
public sealed record LayerBuild(Shape Input, string Path, RandomKey Key)
{
    /// <summary>
    /// What follows the layer: a ReLU or anything else. Default: <see cref="Nonlinearity.Other"/>, as at the end of a network. A layer
    /// within this one is taken for its last.
    /// </summary>
    public Nonlinearity Next { get; init => field = PropertyGuard.Member(value); }

    /// <summary>
    /// The initializer to use: for <see cref="AutomaticInitializer"/> the one that goes with what follows, as a convolution takes it.
    /// </summary>
    /// <param name="initializer">The layer's option.</param>
    public Initializer Choose(Initializer initializer) => initializer switch
    {
        AutomaticInitializer automatic => automatic.Before(Next == Nonlinearity.Relu),
        DiracInitializer dirac => dirac with { Others = Choose(dirac.Others) },
        _ => initializer,
    };

    /// <summary>The build of a layer within this one.</summary>
    /// <param name="input">The shape of one example before the inner layer.</param>
    /// <param name="name">The name of the inner layer.</param>
    /// <param name="position">Its position, which names its random numbers.</param>
    public LayerBuild Inner(Shape input, string name, int position) =>
        new(input, Path.Length == 0 ? name : $"{Path}/{name}", Key.Derive(position)) { Next = Next };

    /// <summary>The full name of a parameter of the layer, as in <c>dense1/weights</c>.</summary>
    /// <param name="what">What the parameter is.</param>
    public string NameOf(string what) => Path.Length == 0 ? what : $"{Path}/{what}";
}
