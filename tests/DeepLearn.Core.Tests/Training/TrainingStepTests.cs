using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

public class TrainingStepTests
{
    [Fact]
    public void TrainingStep_that_fails_leaves_no_direct_update_armed()
    {
        Model<float> model = new Ensemble(EnsembleCombination.MajorityVote, new Dense(3), new Dense(3)).Build<float>(4, seed: 1);
        var step = new TrainingStep<float>(model, new MeanSquaredError(), Regularizer.None, new Sgd(), 2);
        Matrix<float> examples = new(2, 4), targets = new(2, 3);
        Assert.Contains("no gradient", Assert.Throws<InvalidOperationException>(
            () => step.Run(examples, Targets<float>.FromValues(targets), 0.5, 0, RandomKey.FromSeed(1))).Message);

        // The values are not the next pass's to change: where its gradients go is told anew.
        Model<float> fresh = new Ensemble(EnsembleCombination.MajorityVote, new Dense(3), new Dense(3)).Build<float>(4, seed: 1);
        for (int i = 0; i < model.Parameters.Count; i++)
            Assert.Equal(fresh.Parameters[i].Value.AsSpan().ToArray(), model.Parameters[i].Value.AsSpan().ToArray());
    }
}
