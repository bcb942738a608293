using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Schedules;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using Xunit;

namespace DeepLearn.Tests.Training.Callbacks;

public class CallbackTests
{
    private static readonly Model<float> Model = TrainingData.Network.Build<float>(24, 1);

    [Fact]
    public void ThePlateauLowersTheRateAfterItsPatience()
    {
        var plateau = new ReduceOnPlateau<float>(factor: 0.5, patience: 2, smallest: 0.2);
        double[] losses = [2, 1, 1, 1, 1, 1, 0.5, 0.6, 0.6, 0.6, 0.6];
        double[] factors = [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2];
        for (int i = 0; i < losses.Length; i++)
        {
            plateau.OnEvaluation(Point(i, losses[i]), Model);
            Assert.Equal(factors[i], plateau.RateFactor);
        }
    }

    [Fact]
    public void TheTrainerUsesTheFactor()
    {
        ByteDataset data = TrainingData.Striped(60);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        plan = plan with { Schedule = new ConstantSchedule(0), Length = TrainingLength.Steps(8), Evaluation = new() { Every = 2 } };
        var rates = new Rates();
        using var trainer = new Trainer<float>(model, plan with { Schedule = new ConstantSchedule(1e-9) }, data);
        trainer.Callbacks.Add(new ReduceOnPlateau<float>(factor: 0.5, patience: 1, threshold: 0.5));
        trainer.Callbacks.Add(rates);
        trainer.Run();
        Assert.Equal([1e-9, 1e-9, 1e-9, 1e-9, 5e-10, 5e-10, 2.5e-10, 2.5e-10], rates.Seen);
    }

    [Fact]
    public void EarlyStoppingKeepsTheBest()
    {
        var stopping = new EarlyStopping<float>(2);
        Model<float> model = TrainingData.Network.Build<float>(24, 1);
        Assert.Equal(TrainingDecision.Continue, stopping.OnEvaluation(Point(0, 2), model));
        Assert.Equal(TrainingDecision.Continue, stopping.OnEvaluation(Point(1, 1), model));
        string best = model.Sha256();
        model.Parameters[0].Value[0, 0] += 1;
        Assert.Equal(TrainingDecision.Continue, stopping.OnEvaluation(Point(2, 1.5), model));
        Assert.Equal(TrainingDecision.Stop, stopping.OnEvaluation(Point(3, 1.1), model));
        Assert.Equal(1, stopping.BestPoint!.Step);
        stopping.Best!.RestoreTo(model);
        Assert.Equal(best, model.Sha256());
    }

    [Fact]
    public void ValuesOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau<float>(factor: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau<float>(patience: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau<float>(threshold: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau<float>(smallest: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping<float>(0));
    }

    private static TrainingPoint Point(long step, double loss)
    {
        var evaluation = new Evaluation(loss, loss, 0.5, 10);
        return new(step, step, 0.1, evaluation with { Loss = 100 - loss }, evaluation);
    }

    private sealed class Rates : TrainingCallback<float>
    {
        public List<double> Seen { get; } = [];

        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            Seen.Add(report.LearningRate);
            return TrainingDecision.Continue;
        }
    }
}
