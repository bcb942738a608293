namespace DeepLearn.Training.Metrics;

/// <summary>What is made of counts of decisions, yes or no for each label of each example.</summary>
internal enum DecisionMeasure
{
    Accuracy,
    Precision,
    Recall,
    F1,
    MacroPrecision,
    MacroRecall,
    MacroF1,
}
