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
    public (double Value, double Step) Differentiate(Matrix<double> values, int element, Parameter<double>? parameter)
    {
        double original = values.AsSpan()[element];
        try
        {
            (double derivative, double step) = NumericDerivative.At(LossAt, _options.LargestStep, _options.SmallestStep);

            // The penalty is differentiated apart, so that it does not drown a small derivative of the loss in its own rounding.
            if (parameter is not null && _regularizer.Covers(parameter))
                derivative += NumericDerivative.At(PenaltyAt, _options.LargestStep, _options.SmallestStep).Value;
            return (derivative, step);
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
