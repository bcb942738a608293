using System.Numerics;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>
/// A penalty on the parameters that is added to the loss: cost = loss + penalty. An immutable value.
/// </summary>
public abstract record Regularizer
{
    /// <summary>No penalty.</summary>
    public static Regularizer None { get; } = new NoRegularizer();

    /// <summary>Whether the penalty covers a kind of parameter. By default weights alone: neither biases nor a normalisation's scale and shift.</summary>
    /// <param name="role">What the parameter is for.</param>
    public virtual bool Covers(ParameterRole role) => role == ParameterRole.Weights;

    /// <summary>
    /// The factor c where the slope of the penalty is c times the value, which an optimiser folds into its own pass; null, the default,
    /// where the slope is another function and <see cref="AddSlope"/> adds it.
    /// </summary>
    public virtual double? LinearSlope => null;

    /// <summary>The penalty of one parameter.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The parameter.</param>
    /// <returns>The penalty, summed in double in one fixed order.</returns>
    public abstract double Penalty<T>(ReadOnlyMatrixView<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Adds the derivative of the penalty to a gradient.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The parameter.</param>
    /// <param name="gradient">The gradient of the loss, to which the slope is added; of the same shape.</param>
    public abstract void AddSlope<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The penalty of all the parameters that it covers, in their order.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters of a model.</param>
    public double TotalPenalty<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double total = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            if (Covers(parameters[i].Role))
                total += Penalty<T>(parameters[i].Value.View);
        }
        return total;
    }

    private sealed record NoRegularizer : Regularizer
    {
        public override double? LinearSlope => 0;

        public override bool Covers(ParameterRole role) => false;

        public override double Penalty<T>(ReadOnlyMatrixView<T> value) => 0;

        public override void AddSlope<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
        {
        }
    }
}
