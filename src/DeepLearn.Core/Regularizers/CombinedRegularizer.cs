using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>Several regularizers at once, each for the parameters of its own choice.</summary>
internal sealed record CombinedRegularizer(ValueList<Regularizer> Parts) : Regularizer
{
    public override PenaltyGradient Gradient
    {
        get
        {
            PenaltyGradient sum = PenaltyGradient.None;
            foreach (Regularizer part in Parts.AsSpan())
                sum += part.Gradient;
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

    public override void AddOtherGradient<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
    {
        foreach (Regularizer part in Parts.AsSpan())
        {
            if (part.Gradient.HasOther)
                part.AddOtherGradient(value, gradient);
        }
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

    public override void AddGradientTo<T>(Parameter<T> parameter)
    {
        foreach (Regularizer part in Parts.AsSpan())
            part.AddGradientTo(parameter);
    }
}
