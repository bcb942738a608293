using DeepLearn.Foundation;

namespace DeepLearn.Verification;

/// <summary>The result of a gradient check.</summary>
/// <param name="Cost">The loss and penalty at the point where the gradient was checked.</param>
/// <param name="Parameters">One comparison for each parameter, in the order of the model; that of the examples last.</param>
public sealed record GradientReport(double Cost, ValueList<ParameterGradientReport> Parameters)
{
    /// <summary>Whether every parameter passed.</summary>
    public bool Passed => Parameters.All(parameter => parameter.Passed);

    /// <summary>Throws where a parameter did not pass.</summary>
    /// <exception cref="GradientMismatchException">One did not; the message is that of <see cref="ToString"/>.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
            throw new GradientMismatchException(this);
    }

    /// <summary>A line for each parameter.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Parameters);
}
