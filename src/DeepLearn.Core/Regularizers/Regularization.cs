using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Regularizers;

/// <summary>
/// The runtime of a <see cref="Regularizers.Regularizer"/>: it is bound to a model's parameters, and says for each what a training step has
/// to do. It holds no numbers of its own, allocates nothing after it is made, and serves any number of callers.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Regularization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Parameter<T>> _parameters;
    private readonly PenaltyGradient[] _gradients;
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
        _gradients = new PenaltyGradient[parameters.Count];
        _others = new Regularizer[parameters.Count][];
        _constraints = new Regularizer[parameters.Count][];
        for (int i = 0; i < _gradients.Length; i++)
        {
            Regularizer[] here = [.. parts.Where(part => part.Covers(parameters[i]))];
            _gradients[i] = here.Aggregate(PenaltyGradient.None, (sum, part) => sum + part.Gradient);
            _others[i] = [.. here.Where(part => part.Gradient.HasOther)];
            _constraints[i] = [.. here.Where(part => part.HasConstraint)];
        }
    }

    /// <summary>What it does.</summary>
    public Regularizer Regularizer { get; }

    /// <summary>
    /// For each parameter the gradient of all its penalties together. The optimizer adds its linear and its sign term, and
    /// <see cref="AddOtherGradient"/> what else there is. The runtime owns the memory.
    /// </summary>
    public ReadOnlySpan<PenaltyGradient> Gradients => _gradients;

    /// <summary>
    /// Adds to a parameter's gradient the terms that <see cref="Gradients"/> does not hold; nothing where there are none.
    /// </summary>
    /// <param name="index">The position of the parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public void AddOtherGradient(int index)
    {
        RequireIndex(index);
        foreach (Regularizer part in _others[index])
            part.AddOtherGradient<T>(_parameters[index].Value.View, _parameters[index].Gradient.View);
    }

    /// <summary>Holds a parameter to the constraints that cover it, after its update.</summary>
    /// <param name="index">The position of the parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public void Project(int index)
    {
        RequireIndex(index);
        foreach (Regularizer part in _constraints[index])
            part.Project(_parameters[index].Value.View);
    }

    /// <summary>The penalty of all the parameters, in their order.</summary>
    public double Penalty() => Regularizer.TotalPenalty(_parameters);

    private void RequireIndex(int index)
    {
        if ((uint)index >= (uint)_parameters.Count)
            throw new ArgumentOutOfRangeException(nameof(index), index,
                $"The position of a parameter is from 0 to {_parameters.Count - 1}.");
    }
}
