using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Regularizers;

/// <summary>
/// A <see cref="Regularizers.Regularizer"/> bound to a model's parameters: what a training step asks of it, parameter by parameter. It
/// holds no numbers of its own, allocates nothing after it is made, and serves any number of callers.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Regularization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Parameter<T>> _parameters;
    private readonly double[] _linear;
    private readonly double[] _signs;
    private readonly Regularizer[][] _others;
    private readonly Regularizer[][] _constraints;

    /// <summary>Binds a regularizer to parameters.</summary>
    /// <param name="regularizer">What it does.</param>
    /// <param name="parameters">The parameters of the model.</param>
    /// <exception cref="ArgumentException">A name pattern of a selection matches none of the parameters.</exception>
    public Regularization(Regularizer regularizer, IReadOnlyList<Parameter<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(regularizer);
        ArgumentNullException.ThrowIfNull(parameters);
        Regularizer = regularizer;
        _parameters = parameters;
        ValueList<Regularizer> parts = regularizer.Split();
        foreach (Regularizer part in parts)
            part.AppliesTo.Choose(parameters);
        parts = [.. parts.SelectMany(part => part.Terms())];
        _linear = new double[parameters.Count];
        _signs = new double[parameters.Count];
        _others = new Regularizer[parameters.Count][];
        _constraints = new Regularizer[parameters.Count][];
        for (int i = 0; i < _linear.Length; i++)
        {
            Regularizer[] here = [.. parts.Where(part => part.Covers(parameters[i]))];
            _linear[i] = here.Sum(part => part.LinearDerivative ?? 0);
            _signs[i] = here.Sum(part => part.SignDerivative ?? 0);
            _others[i] = [.. here.Where(part => part.LinearDerivative is null && part.SignDerivative is null)];
            _constraints[i] = [.. here.Where(part => part.HasConstraint)];
        }
    }

    /// <summary>What it does.</summary>
    public Regularizer Regularizer { get; }

    /// <summary>
    /// For each parameter the factor c of the derivatives that are c times the value: what an optimizer folds into its own pass. The runtime
    /// owns it.
    /// </summary>
    public ReadOnlySpan<double> LinearDerivatives => _linear;

    /// <summary>
    /// For each parameter the factor c of the derivatives that are c times the sign of the value: what an optimizer may fold into its own pass, see
    /// <see cref="Optimizers.OptimizerRuntime{T}.TryFoldSigns"/>. The runtime owns it.
    /// </summary>
    public ReadOnlySpan<double> SignDerivatives => _signs;

    /// <summary>Whether a parameter has derivatives besides <see cref="LinearDerivatives"/>, so that its gradient must be written.</summary>
    /// <param name="index">The position of the parameter.</param>
    public bool HasOtherDerivatives(int index) => _others[index].Length > 0 || _signs[index] > 0;

    /// <summary>Adds to a parameter's gradient the derivatives that <see cref="LinearDerivatives"/> has not.</summary>
    /// <param name="index">The position of the parameter.</param>
    /// <param name="signsAreFolded">Whether the optimizer adds those of <see cref="SignDerivatives"/> itself. Default false.</param>
    public void AddOtherDerivatives(int index, bool signsAreFolded = false)
    {
        if (_signs[index] > 0 && !signsAreFolded)
            ElasticNet.AddDerivative(T.CreateChecked(_signs[index]), T.Zero, _parameters[index].Value.View, _parameters[index].Gradient.View);
        foreach (Regularizer part in _others[index])
            part.AddDerivative<T>(_parameters[index].Value.View, _parameters[index].Gradient.View);
    }

    /// <summary>Holds a parameter to the constraints that cover it, after its update.</summary>
    /// <param name="index">The position of the parameter.</param>
    public void Project(int index)
    {
        foreach (Regularizer part in _constraints[index])
            part.Project(_parameters[index].Value.View);
    }

    /// <summary>The penalty of all the parameters, in their order.</summary>
    public double Penalty() => Regularizer.TotalPenalty(_parameters);
}
