using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Losses;
using DeepLearn.Models;

namespace DeepLearn.Training;

/// <summary>Whether data, network and loss fit together: asked before anything is trained or measured.</summary>
internal static class DataFit
{
    /// <summary>Throws unless a model takes the examples of a data set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="description">What the examples look like.</param>
    /// <param name="name">What the data set is called, such as <c>training</c>.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void RequireExamples<T>(Model<T> model, DatasetDescription description, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (description.ExampleShape.Count != model.InputShape.Count)
        {
            throw new ArgumentException(
                $"The model takes examples of {model.InputShape}; those of the {name} set are {description.ExampleShape}.", "dataset");
        }
        model.Card.RequireLikeness(description, $"the {name} set");
        bool areImages = description.ExampleShape.Rank == 3 && model.InputShape.Rank == 3;
        if (!areImages)
            return;
        if (description.Order == PixelOrder.Planar && model.Network.ReadsPixels(model.InputShape))
        {
            throw new ArgumentException(
                $"The network takes images [height, width, channels]; those of the {name} set are planar, [channels, height, width], "
                + $"{description.ExampleShape}. {nameof(Dataset)}.{nameof(Dataset.InOrder)}({nameof(PixelOrder)}."
                + $"{nameof(PixelOrder.ChannelsLast)}) turns them.",
                "dataset");
        }
        if (description.ExampleShape != model.InputShape)
        {
            throw new ArgumentException(
                $"The model takes images of {model.InputShape}; those of the {name} set are {description.ExampleShape}.", "dataset");
        }
    }

    /// <summary>Throws unless a training set fits the network, its losses and the precision.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void RequireTraining<T>(Model<T> model, TrainingPlan plan, Dataset trainingSet)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(model, plan, trainingSet, "training");
        PredictionTask task = BatchTargets.TaskOf(trainingSet, plan.Loss, model.OutputShape.Count);
        RequireScaling(task, plan.TargetScaling, nameof(plan));
        RequireKept(model.Card.Normalization, plan.Normalization, "features", nameof(TrainingPlan.Normalization));
        RequireKept(model.Card.TargetScaling, plan.TargetScaling, "targets", nameof(TrainingPlan.TargetScaling));
        PrecisionFit.RequireWeights<T>(trainingSet.Weights, plan.BatchSize, "training");
        plan.TargetScaling?.RequireTargets(trainingSet.TargetWidth, nameof(plan));
        OutputFit.RequireReach(model, plan.Loss, trainingSet, plan.TargetScaling);
    }

    /// <summary>Throws unless a data set has examples that fit the network and its losses.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public static void Require<T>(Model<T> model, TrainingPlan plan, Dataset dataset, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireExamples(model, dataset.Description, name);
        if (dataset.Count == 0)
            throw new ArgumentException($"The {name} set has at least one example; found none.", nameof(dataset));
        try
        {
            OutputFit.Require(model, plan.Loss, dataset.Classes, dataset.TargetWidth);
            if (plan.EvaluationLoss is { } measured)
                OutputFit.Require(model, measured, dataset.Classes, dataset.TargetWidth);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException(
                $"Loss, network and {name} set do not fit together: {exception.Message}", nameof(dataset), exception);
        }
    }

    /// <summary>Throws where a model knows numbers that were scaled in one way, and is to be trained on others.</summary>
    private static void RequireKept(Normalization? ofCard, Normalization? ofPlan, string what, string option)
    {
        if (ofCard is not null && ofPlan != ofCard)
        {
            string found = ofPlan is null ? $"no {option}" : $"another {option}, of other means or standard deviations";
            throw new ArgumentException(
                $"The model was trained on normalized {what}, as its card says; the plan has {found}. Give it the card's, "
                + $"{option} = model.Card.{option}; {ModelCard.OrLearnAnew}",
                "plan");
        }
    }

    /// <summary>Throws where a scaling of targets is given for a task without numbers.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public static void RequireScaling(PredictionTask task, Normalization? targetScaling, string parameter)
    {
        if (targetScaling is not null && task.Kind != TaskKind.Regression)
        {
            throw new ArgumentException(
                $"{nameof(TrainingPlan.TargetScaling)} is for targets that are numbers; found {task}.", parameter);
        }
    }

    /// <summary>Throws unless a training and a validation set have examples that mean the same.</summary>
    /// <exception cref="ArgumentException">They have not.</exception>
    public static void RequirePair(Dataset trainingSet, Dataset validationSet)
    {
        if (trainingSet.Count == 0 || validationSet.Count == 0)
        {
            throw new ArgumentException(
                $"Expected at least one example in the training set and in the validation set; found {trainingSet.Count} and "
                + $"{validationSet.Count}.",
                nameof(trainingSet));
        }
        Likeness.Require(
            trainingSet.Description, "the training set", validationSet.Description, "the validation set", nameof(validationSet));
    }

    /// <summary>
    /// Throws unless all parts of a cross-validation have examples, those of a fold mean the same, and all folds have the same classes or
    /// targets. A fold may have features of its own, as its training set has categories of its own.
    /// </summary>
    /// <exception cref="ArgumentException">They do not; the message names the fold.</exception>
    public static void RequireFolds(IReadOnlyList<(Dataset Training, Dataset Validation)> folds)
    {
        if (folds.Count == 0)
            throw new ArgumentException("A cross-validation has at least one fold; found none.", nameof(folds));
        for (int fold = 0; fold < folds.Count; fold++)
        {
            (Dataset training, Dataset validation) = folds[fold];
            ArgumentNullException.ThrowIfNull(training, nameof(folds));
            ArgumentNullException.ThrowIfNull(validation, nameof(folds));
            if (training.Count == 0 || validation.Count == 0)
            {
                throw new ArgumentException(
                    $"Both sets of a fold have at least one example; found {training.Count} and {validation.Count} in fold {fold}.",
                    nameof(folds));
            }
            Likeness.Require(
                training.Description, $"the training set of fold {fold}", validation.Description, $"the validation set of fold {fold}",
                nameof(folds));
            Likeness.Require(
                TargetsOf(folds[0].Training), "the training set of fold 0", TargetsOf(training), $"the training set of fold {fold}",
                nameof(folds));
        }

        static DatasetDescription TargetsOf(Dataset dataset) => new(1)
        {
            Classes = dataset.Classes,
            ClassNames = dataset.Description.ClassNames,
            TargetWidth = dataset.TargetWidth,
        };
    }
}
