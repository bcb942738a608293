using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;

namespace DeepLearn.Verification;

/// <summary>The cost of a model as a function of one of its numbers, and its analytic gradient: what the checker compares.</summary>
internal sealed class CostProbe
{
    private readonly ModelWorkspace<double> _workspace;
    private readonly Loss _loss;
    private readonly Regularizer _regularizer;
    private readonly GradientCheckOptions _options;
    private readonly int[] _labels;
    private readonly Matrix<double>? _values;

    public CostProbe(
        Model<double> model,
        Loss loss,
        Regularizer regularizer,
        ReadOnlyMatrixView<double> examples,
        Targets<double> targets,
        GradientCheckOptions options)
    {
        _workspace = model.CreateWorkspace(examples.Rows, RunMode.Training);
        _loss = loss;
        _regularizer = regularizer;
        _options = options;
        Examples = Matrix<double>.CopyOf(examples);
        InputGradient = new(options.IncludesInput ? examples.Rows : 0, examples.Columns);
        _labels = targets.Labels.ToArray();
        _values = targets.AreLabels ? null : Matrix<double>.CopyOf(targets.Values);
    }

    /// <summary>A copy of the examples, which may be varied.</summary>
    public Matrix<double> Examples { get; }

    /// <summary>The analytic gradient with respect to the examples; without rows where it is not wanted.</summary>
    public Matrix<double> InputGradient { get; }

    private Targets<double> Targets => _values is null ? Targets<double>.FromLabels(_labels) : Targets<double>.FromValues(_values);

    /// <summary>Runs the model forward and back, so that every parameter holds the gradient of the cost, and returns the cost.</summary>
    public double ComputeGradients()
    {
        _workspace.SetNoise(_options.Key);
        ReadOnlyMatrixView<double> outputs = _workspace.Forward(Examples);
        double loss = _loss.Compute(outputs, Targets, _workspace.OutputGradient);
        _workspace.Backward(Examples, InputGradient);
        foreach (Parameter<double> parameter in _workspace.Model.Parameters)
            _regularizer.AddGradientTo(parameter);
        return loss + _regularizer.TotalPenalty(_workspace.Model.Parameters);
    }

    /// <summary>
    /// The numeric derivative of the cost with respect to one element of a parameter, or of the examples where that is null.
    /// </summary>
    public (double Value, double Step) Differentiate(Matrix<double> values, int element, Parameter<double>? parameter) =>
        Vary(values, element, parameter, (loss, penalty) =>
        {
            (double derivative, double step) = Centered(loss);

            // The penalty is differentiated apart, so that it does not drown a small derivative of the loss in its own rounding.
            return (derivative + (penalty is null ? 0 : Centered(penalty).Value), step);
        });

    /// <summary>The derivatives to both sides, where the cost has a kink at the element's very value; null where it has none.</summary>
    public (double Left, double Right)? KinkAt(Matrix<double> values, int element, Parameter<double>? parameter) =>
        Vary<(double, double)?>(values, element, parameter, (loss, penalty) =>
        {
            SideDerivatives ofLoss = Sides(loss), ofPenalty = penalty is null ? default : Sides(penalty);
            return ofLoss.IsKink || ofPenalty.IsKink ? (ofLoss.Left + ofPenalty.Left, ofLoss.Right + ofPenalty.Right) : null;
        });

    private (double Value, double Step) Centered(Func<double, double> function) =>
        NumericDerivative.At(function, _options.LargestStep, _options.SmallestStep);

    private SideDerivatives Sides(Func<double, double> function) =>
        SideDerivatives.At(function, _options.LargestStep, _options.SmallestStep);

    /// <summary>
    /// Gives loss and penalty as functions of the distance of one element from its value; no penalty where it does not cover the parameter.
    /// </summary>
    private TResult Vary<TResult>(
        Matrix<double> values, int element, Parameter<double>? parameter, Func<Func<double, double>, Func<double, double>?, TResult> use)
    {
        double original = values.AsSpan()[element];
        try
        {
            return use(LossAt, parameter is not null && _regularizer.Covers(parameter) ? PenaltyAt : null);
        }
        finally
        {
            values.AsSpan()[element] = original;
        }

        double LossAt(double distance)
        {
            values.AsSpan()[element] = original + distance;
            _workspace.SetNoise(_options.Key);
            return _loss.Compute(_workspace.Forward(Examples), Targets, default);
        }

        double PenaltyAt(double distance)
        {
            values.AsSpan()[element] = original + distance;
            return _regularizer.PenaltyOf(parameter!);
        }
    }
}
