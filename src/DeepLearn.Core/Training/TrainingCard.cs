using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Models;

namespace DeepLearn.Training;

/// <summary>What a run of training puts onto the card of its model.</summary>
internal static class TrainingCard
{
    /// <summary>The card with what plan and training set say; what they know nothing of stays.</summary>
    public static ModelCard Of(
        ModelCard card, TrainingPlan plan, DatasetDescription description, PredictionTask task, long steps, long planned,
        TrainingPoint? last) => card with
        {
            Normalization = plan.Normalization,
            TargetScaling = plan.TargetScaling,
            FeatureNames = description.FeatureNames,
            Order = description.Order,
            Task = task,
            Preprocessing = PreprocessingOf(card, description.Preparation as Preprocessing),
            Texts = TextsOf(card, description.Preparation),
            TargetNames = card.TargetNames.Count == 0 && description.Preparation is Preprocessing { TargetColumns: var targets }
                && targets.Count == task.Outputs ? targets : card.TargetNames,
            ClassNames = description.ClassNames.Count > 0 ? description.ClassNames : card.ClassNames,

            // A temperature is of the weights that it was fitted for.
            Temperature = 1,
            Training = new()
            {
                // The statistics stand elsewhere, and are as many as the features.
                Plan = InvariantText.Of(plan with { Normalization = null, TargetScaling = null }),
                Seed = plan.Seed,
                Steps = steps,
                PlannedSteps = planned,
                Metrics = last is null
                    ? ValueList<MeasuredValue>.Empty
                    : [.. MetricsOf("training", last.Training), .. MetricsOf("validation", last.Validation)],
            },
        };

    /// <summary>
    /// What made the training set; or what the caller put onto the card, where that makes the same features and refuses other things.
    /// </summary>
    private static Preprocessing? PreprocessingOf(ModelCard card, Preprocessing? ofData)
    {
        bool isSame = ofData is not null && card.Preprocessing is { } own && own.Columns.Equals(ofData.Columns)
            && own.ClassNames.Equals(ofData.ClassNames);
        return isSame ? card.Preprocessing : ofData ?? card.Preprocessing;
    }

    private static ValueList<ModelText> TextsOf(ModelCard card, ExamplePreparation? preparation) =>
        preparation is null or Preprocessing
            ? card.Texts
            : [.. card.Texts.Where(text => text.Key != preparation.Key), new ModelText(preparation.Key, preparation.ToJson())];

    private static IEnumerable<MeasuredValue> MetricsOf(string set, Evaluation? evaluation)
    {
        if (evaluation is null)
            yield break;
        yield return new($"{set} loss", evaluation.Loss);
        if (evaluation.Accuracy is { } accuracy)
            yield return new($"{set} accuracy", accuracy);
        foreach (MetricValue metric in evaluation.Metrics)
        {
            // A card has finite numbers alone; a metric may be infinite, and the model is to be saved all the same.
            if (double.IsFinite(metric.Value))
                yield return new($"{set} {metric.Name}", metric.Value);
        }
    }
}
