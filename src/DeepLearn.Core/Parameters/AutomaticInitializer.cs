using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>
/// Begins as the literature does, by what follows: before a ReLU or one of its kind <see cref="NormalInitializer.He"/>, whose variance
/// makes up for the half that a ReLU takes away (He, Zhang, Ren and Sun, 2015); before anything else, a tanh, a sigmoid or the end of the
/// network, <see cref="NormalInitializer.Glorot"/> (Glorot and Bengio, 2010). The default of layers with weights.
/// </summary>
/// <remarks>
/// A layer asks <see cref="Before"/> with what its build says of the layers after it. <see cref="Fill"/> by itself knows of none, and is
/// Glorot's.
/// </remarks>
public sealed record AutomaticInitializer : Initializer
{
    /// <summary>The initializer that it comes to.</summary>
    /// <param name="relu">Whether a ReLU or one of its kind is what follows.</param>
    public Initializer Before(bool relu) => relu ? NormalInitializer.He : NormalInitializer.Glorot;

    /// <inheritdoc/>
    public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination) =>
        Before(relu: false).Fill(fanIn, fanOut, key, destination);

    /// <summary>The name of the property that gives it, for specifications that are printed.</summary>
    public override string ToString() => nameof(Automatic);
}
