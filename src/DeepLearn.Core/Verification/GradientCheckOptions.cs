using DeepLearn.Foundation;

namespace DeepLearn.Verification;

/// <summary>How <see cref="GradientChecker"/> takes differences, and what it calls a fault. An immutable value.</summary>
/// <example><code>var options = new GradientCheckOptions { ElementsPerParameter = 20, IncludesInput = true };</code></example>
public sealed record GradientCheckOptions
{
    /// <summary>
    /// The largest step of the centered differences; default 1e-3. Where the function is not smooth that far (a ReLU's kink lies within),
    /// the checker takes smaller steps of its own accord.
    /// </summary>
    public double LargestStep { get; init; } = 1e-3;

    /// <summary>The smallest step that it goes down to; default 1e-7.</summary>
    public double SmallestStep { get; init; } = 1e-7;

    /// <summary>
    /// The floor eps of the denominator in the relative difference <c>|a - n| / max(eps, |a| + |n|)</c>; default 1e-6. Below it, a gradient
    /// is too small for a difference of doubles to say more.
    /// </summary>
    public double RelativeFloor { get; init; } = 1e-6;

    /// <summary>The largest relative difference that passes; default 1e-5.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>How many elements of each parameter are checked, chosen at random and without repeats; 0, the default, for all.</summary>
    public int ElementsPerParameter { get; init; }

    /// <summary>Whether the gradient with respect to the examples is checked too, under the name <c>input</c>; default false.</summary>
    public bool IncludesInput { get; init; }

    /// <summary>
    /// The name of the random numbers: of layers that use some, which are the same in every pass, and of the choice of elements.
    /// </summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(0);

    internal void Check()
    {
        if (!(SmallestStep > 0 && SmallestStep <= LargestStep && LargestStep <= 1))
            throw new ArgumentException($"The steps are 0 < smallest <= largest <= 1; found {SmallestStep} and {LargestStep}.");
        if (!(RelativeFloor > 0) || !(Tolerance > 0))
            throw new ArgumentException($"The floor and the tolerance are above 0; found {RelativeFloor} and {Tolerance}.");
        ArgumentOutOfRangeException.ThrowIfNegative(ElementsPerParameter);
    }
}
