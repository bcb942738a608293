using System.Numerics;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>
/// A penalty on the parameters that is added to the loss, cost = loss + penalty, or a constraint that they are held to after every update.
/// An immutable value; several are joined by <c>+</c>.
/// </summary>
/// <remarks>
/// A regularizer of your own says what happens to one matrix; <see cref="AppliesTo"/> says to which parameters it happens.
/// <see cref="Regularization{T}"/> is the runtime for a model's parameters. A penalty reaches the weights through the gradient, so that an
/// optimizer with momentum or adaptive rates treats its gradient as it treats the loss's. Weight decay that is decoupled from the gradient
/// belongs to the optimizer: see <c>WeightDecay</c> there.
/// </remarks>
/// <example><code>
/// using DeepLearn.Kernels.Elementwise;
///
/// // A regularizer of your own: lambda times the sum of sqrt(1 + w^2) - 1.
/// sealed record SmoothL1(double Lambda) : Regularizer
/// {
///     public override double Penalty&lt;T&gt;(ReadOnlyMatrixView&lt;T&gt; value)
///     {
///         double sum = 0;
///         for (int row = 0; row &lt; value.Rows; row++)
///         {
///             foreach (T weight in value.Row(row))
///                 sum += Math.Sqrt(1 + double.CreateChecked(weight * weight)) - 1;
///         }
///         return Lambda * sum;
///     }
///
///     public override void AddOtherGradient&lt;T&gt;(ReadOnlyMatrixView&lt;T&gt; value, MatrixView&lt;T&gt; gradient)
///     {
///         for (int row = 0; row &lt; value.Rows; row++)
///         {
///             for (int i = 0; i &lt; value.Columns; i++)
///                 gradient[row, i] += T.CreateChecked(Lambda) * value[row, i] / T.Sqrt(T.One + (value[row, i] * value[row, i]));
///         }
///     }
/// }
/// </code></example>
public abstract record Regularizer
{
    /// <summary>No penalty.</summary>
    public static Regularizer None { get; } = new NoRegularizer();

    /// <summary>
    /// Which parameters it is for. Default: <see cref="ParameterSelection.Weights"/>, which leaves out biases and a normalization's scale
    /// and shift.
    /// </summary>
    public ParameterSelection AppliesTo { get; init => field = PropertyGuard.NotNull(value); } = ParameterSelection.Weights;

    /// <summary>
    /// The penalty's gradient, as far as it is <c>a * w + b * sign(w)</c>: most optimizers add that within their own pass. Default:
    /// <see cref="PenaltyGradient.Other"/>, so that <see cref="AddOtherGradient"/> adds all of it.
    /// </summary>
    public virtual PenaltyGradient Gradient => PenaltyGradient.Other;

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

    /// <summary>
    /// Adds to a gradient the terms of the penalty's gradient that <see cref="Gradient"/> does not hold. It is called where
    /// <see cref="PenaltyGradient.HasOther"/> says that there are any, and must be overridden then.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The matrix.</param>
    /// <param name="gradient">The gradient to add to, of the same shape.</param>
    /// <exception cref="NotSupportedException">It is not overridden.</exception>
    public virtual void AddOtherGradient<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException(
            $"{GetType().Name} overrides neither {nameof(Gradient)}, to say that its gradient has no other terms, nor "
            + $"{nameof(AddOtherGradient)}, to add them.");

    /// <summary>Adds the whole gradient of the penalty to a gradient.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The matrix.</param>
    /// <param name="gradient">The gradient to add to, that of the loss for instance; of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ. Nothing has been written then.</exception>
    public void AddGradient<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Gradient.AddTo(value, gradient);
        if (Gradient.HasOther)
            AddOtherGradient(value, gradient);
    }

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

    /// <summary>Adds the gradient of the penalty to a parameter's gradient: nothing where it is not covered.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameter">The parameter.</param>
    public virtual void AddGradientTo<T>(Parameter<T> parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Covers(parameter))
            AddGradient<T>(parameter.Value.View, parameter.Gradient.View);
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

    /// <summary>The type of the value, which equality compares first: that of the object, in languages that have no records too.</summary>
    protected virtual Type EqualityContract => GetType();

    /// <summary>The type and its options; a record of yours prints its properties.</summary>
    public override string ToString() => PartText.Describe(this, PrintMembers);

    /// <summary>Writes what the value was made of, without what follows from that.</summary>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        bool any = PartText.AppendType(this, builder);
        if (AppliesTo == ParameterSelection.Weights)
            return any;
        builder.Append(any ? ", " : "").Append("AppliesTo = ").Append(AppliesTo);
        return true;
    }

    private sealed record NoRegularizer : Regularizer
    {
        public override PenaltyGradient Gradient => PenaltyGradient.None;

        public override ValueList<Regularizer> Split() => [];

        public override bool Covers<T>(Parameter<T> parameter) => false;

        public override double Penalty<T>(ReadOnlyMatrixView<T> value) => 0;
    }
}
