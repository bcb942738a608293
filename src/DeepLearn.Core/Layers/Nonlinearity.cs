namespace DeepLearn.Layers;

/// <summary>What a layer does to what comes before it, as far as the choice of initial weights there is concerned.</summary>
public enum Nonlinearity
{
    /// <summary>Anything else, a tanh, a sigmoid or further weights among it, or the end of the network.</summary>
    Other,

    /// <summary>A ReLU or one of its kind, which lets about one half through.</summary>
    Relu,

    /// <summary>Nothing that counts (a dropout, a pooling, a normalization): what follows it counts.</summary>
    PassesOn,
}
