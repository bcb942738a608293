namespace DeepLearn.Training.Metrics;

/// <summary>What is made of errors.</summary>
internal enum ErrorMeasure
{
    Mae,
    Mse,
    Rmse,
}
