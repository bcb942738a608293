using DeepLearn.Models;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>
/// Everything that a trained network is a function of, in words: equal recipes give equal bits. The data is not in it, nor is the seed
/// of its split: results of other data or seeds are kept in another folder.
/// </summary>
internal static class Recipe
{
    public static string Of(Model<float> model, TrainingPlan plan, int trainingImages)
    {
        // A normalization would be written as all of its thousands of numbers; its kind and the images it was computed from tell as much.
        string scale =
            plan.Normalization is null ? "none" : plan.Normalization.Mean.Distinct().Count() <= 3 ? "per channel" : "per feature";
        return $"{model.Network}; {plan with { Normalization = null }}; normalization {scale}; {trainingImages} images; "
            + $"initial weights {model.Sha256()}";
    }
}
