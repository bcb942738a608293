namespace DeepLearn.Layers;

/// <summary>Which of its two activations a layer's backward pass reads. An activation that nobody reads may be overwritten.</summary>
[Flags]
public enum BackwardNeeds
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>The layer's input, as it was in the forward pass.</summary>
    Input = 1,

    /// <summary>The layer's output, as the forward pass left it.</summary>
    Output = 2,
}
