using System.Numerics;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>
/// A penalty on the parameters that is added to the loss, cost = loss + penalty, or a constraint that they are held to after every
/// update. An immutable value; several are joined by <c>+</c>.
/// </summary>
/// <remarks>
/// One that derives from this class says what happens to one matrix; which parameters it happens to is <see cref="AppliesTo"/>'s to say.
/// <see cref="Regularization{T}"/> is the runtime for a model's parameters.
/// A penalty reaches the weights through the gradient, so that an optimizer with momentum or adaptive rates treats its derivative as it treats
/// the loss's. Weight decay that is decoupled from the gradient belongs to the optimizer: see <c>WeightDecay</c> there.
/// </remarks>
public abstract record Regularizer
{
    /// <summary>No penalty.</summary>
    public static Regularizer None { get; } = new NoRegularizer();

    /// <summary>
    /// Which parameters it is for. Default: <see cref="ParameterSelection.Weights"/>, which leaves out biases and a normalization's scale
    /// and shift.
    /// </summary>
    public ParameterSelection AppliesTo { get; init; } = ParameterSelection.Weights;

    /// <summary>
    /// The factor c where the derivative of the penalty is c times the value, which an optimizer folds into its own pass; null, the default,
    /// where the derivative is another function and <see cref="AddDerivative"/> adds it.
    /// </summary>
    public virtual double? LinearDerivative => null;

    /// <summary>
    /// The factor c where the derivative of the penalty is c times the sign of the value, 0 at 0, which an optimizer may fold into its own pass too;
    /// null, the default, where it is not.
    /// </summary>
    public virtual double? SignDerivative => null;

    /// <summary>Whether <see cref="Project"/> does anything. Default false.</summary>
    public virtual bool HasConstraint => false;

    /// <summary>Two of them at once: their penalties are added; constraints are met one after the other.</summary>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    public static Regularizer operator +(Regularizer first, Regularizer second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new CombinedRegularizer([.. first.Split().Concat(second.Split())]);
    }

    /// <summary>The regularizers that this one is made of, in order: itself alone, unless it was joined from several.</summary>
    public virtual ValueList<Regularizer> Split() => [this];

    /// <summary>Penalties whose sum is this one's, each with a derivative that an optimizer can fold into its pass, if there are such.</summary>
    internal virtual ValueList<Regularizer> Terms() => [this];

    /// <summary>Whether it is for a parameter.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameter">The parameter.</param>
    public virtual bool Covers<T>(Parameter<T> parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return AppliesTo.Includes(parameter.Role, parameter.Name);
    }

    /// <summary>The penalty of one matrix.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The matrix; for the weights of a dense layer <c>[inputs, units]</c>.</param>
    /// <returns>The penalty, at least 0, summed in one fixed order.</returns>
    public abstract double Penalty<T>(ReadOnlyMatrixView<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Adds the derivative of the penalty to a gradient.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The matrix.</param>
    /// <param name="gradient">The gradient of the loss, to which the derivative is added; of the same shape.</param>
    public abstract void AddDerivative<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Moves a matrix to the nearest one that meets the constraint. By default there is none, and nothing happens.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The matrix, changed in place.</param>
    public virtual void Project<T>(MatrixView<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
    }

    /// <summary>The penalty of a parameter: 0 where it is not covered.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameter">The parameter.</param>
    public virtual double PenaltyOf<T>(Parameter<T> parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Covers(parameter) ? Penalty<T>(parameter.Value.View) : 0;

    /// <summary>Adds the derivative of the penalty to a parameter's gradient: nothing where it is not covered.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameter">The parameter.</param>
    public virtual void AddDerivativeTo<T>(Parameter<T> parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Covers(parameter))
            AddDerivative<T>(parameter.Value.View, parameter.Gradient.View);
    }

    /// <summary>The penalty of all the parameters that it covers, in their order.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters of a model.</param>
    public double TotalPenalty<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double total = 0;
        for (int i = 0; i < parameters.Count; i++)
            total += PenaltyOf(parameters[i]);
        return total;
    }

    /// <summary>Writes what the value was made of, without what follows from that.</summary>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (AppliesTo == ParameterSelection.Weights)
            return false;
        builder.Append("AppliesTo = ").Append(AppliesTo);
        return true;
    }

    private sealed record NoRegularizer : Regularizer
    {
        public override double? LinearDerivative => 0;

        public override ValueList<Regularizer> Split() => [];

        public override bool Covers<T>(Parameter<T> parameter) => false;

        public override double Penalty<T>(ReadOnlyMatrixView<T> value) => 0;

        public override void AddDerivative<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
        {
        }
    }
}
