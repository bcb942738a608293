using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>Several regularizers at once, each for the parameters of its own choice.</summary>
internal sealed record CombinedRegularizer(ValueList<Regularizer> Parts) : Regularizer
{
    public override double? LinearDerivative
    {
        get
        {
            double sum = 0;
            foreach (Regularizer part in Parts.AsSpan())
            {
                if (part.LinearDerivative is not double derivative)
                    return null;
                sum += derivative;
            }
            return sum;
        }
    }

    public override bool HasConstraint => Parts.Any(part => part.HasConstraint);

    public override ValueList<Regularizer> Split() => Parts;

    public override bool Covers<T>(Parameter<T> parameter)
    {
        foreach (Regularizer part in Parts.AsSpan())
        {
            if (part.Covers(parameter))
                return true;
        }
        return false;
    }

    public override double Penalty<T>(ReadOnlyMatrixView<T> value)
    {
        double sum = 0;
        foreach (Regularizer part in Parts.AsSpan())
            sum += part.Penalty(value);
        return sum;
    }

    public override void AddDerivative<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
    {
        foreach (Regularizer part in Parts.AsSpan())
            part.AddDerivative(value, gradient);
    }

    public override void Project<T>(MatrixView<T> value)
    {
        foreach (Regularizer part in Parts.AsSpan())
            part.Project(value);
    }

    public override double PenaltyOf<T>(Parameter<T> parameter)
    {
        double sum = 0;
        foreach (Regularizer part in Parts.AsSpan())
            sum += part.PenaltyOf(parameter);
        return sum;
    }

    public override void AddDerivativeTo<T>(Parameter<T> parameter)
    {
        foreach (Regularizer part in Parts.AsSpan())
            part.AddDerivativeTo(parameter);
    }
}
