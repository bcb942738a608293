namespace DeepLearn.Layers;

/// <summary>The forms of <see cref="Gelu"/>.</summary>
public enum GeluForm
{
    /// <summary>With the error function.</summary>
    Exact,

    /// <summary>With a hyperbolic tangent, within 5e-4 of the exact one: what GPT-2 and BERT were trained with.</summary>
    Tanh,
}
