using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Schedules;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training.Callbacks;

public class CallbackTests
{
    private static readonly Model<float> Model = TrainingData.Network.Build<float>(24, 1);

    [Fact]
    public void ReduceOnPlateau_lowers_the_rate_after_its_patience()
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
    public void Trainer_multiplies_the_rate_by_the_factor_of_ReduceOnPlateau()
    {
        ByteDataset data = TrainingData.Striped(60);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        plan = plan with { Length = TrainingLength.Steps(8), Evaluation = new() { Every = 2 } };
        var rates = new Rates();
        using var trainer = new Trainer<float>(model, plan with { Schedule = new ConstantSchedule(1e-9) }, data);
        trainer.Callbacks.Add(new ReduceOnPlateau<float>(factor: 0.5, patience: 1, threshold: 0.5));
        trainer.Callbacks.Add(rates);
        TrainingResult result = trainer.Run();
        Assert.Equal([1e-9, 1e-9, 1e-9, 1e-9, 5e-10, 5e-10, 2.5e-10, 2.5e-10], rates.Seen);
        Assert.Equal([1e-9, 1e-9, 5e-10, 2.5e-10], result.Curve.Select(point => point.LearningRate));
    }

    [Fact]
    public void EarlyStopping_stops_after_its_patience_and_keeps_the_best_weights()
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
    public void EarlyStopping_without_evaluations_on_the_way_is_refused_before_training()
    {
        ByteDataset data = TrainingData.Striped(60);
        TrainingCallback<float>[] callbacks = [new EarlyStopping<float>(2), new ReduceOnPlateau<float>()];
        foreach (TrainingCallback<float> callback in callbacks)
        {
            (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
            foreach (int every in new[] { 0, 60 })
            {
                using var trainer = new Trainer<float>(model, plan with { Evaluation = new() { AtStart = true, Every = every } }, data);
                trainer.Callbacks.Add(callback);
                string message = Assert.Throws<InvalidOperationException>(() => trainer.Run()).Message;
                Assert.Contains($"EvaluationPlan.Every above 0 and below the 60 steps of training, found {every}", message);
                Assert.Equal(0, trainer.StepsDone);
                Assert.Empty(trainer.Curve);
            }
        }
    }

    [Fact]
    public void EarlyStopping_of_a_metric_follows_it_in_its_own_direction()
    {
        EarlyStopping<float> recall = new(2, new MacroRecall()), loss = new(2, new LogLoss()), accuracy = new(2, new Accuracy());
        double[] values = [0.5, 0.75, 0.6, 0.25];
        for (int i = 0; i < values.Length; i++)
        {
            TrainingPoint point = Point(i, 1);
            Evaluation measured = point.Validation! with
            {
                Accuracy = values[i],
                Metrics = [new("macro recall", values[i]), new("log loss", values[i])],
            };
            foreach (EarlyStopping<float> stopping in (EarlyStopping<float>[])[recall, loss, accuracy])
                stopping.OnEvaluation(point with { Validation = measured }, Model);
        }
        Assert.Equal((1L, 3L, 1L), (recall.BestPoint!.Step, loss.BestPoint!.Step, accuracy.BestPoint!.Step));
    }

    [Fact]
    public void EarlyStopping_minimum_change_is_what_an_improvement_is()
    {
        var stopping = new EarlyStopping<float>(2, minimumChange: 0.25);
        double[] losses = [2, 1.75, 1.5, 1.25, 1.25];
        TrainingDecision[] decisions = [.. losses.Select((loss, i) => stopping.OnEvaluation(Point(i, loss), Model))];
        Assert.Equal(2, stopping.BestPoint!.Step);
        Assert.Equal(
            [
                TrainingDecision.Continue, TrainingDecision.Continue, TrainingDecision.Continue, TrainingDecision.Continue,
                TrainingDecision.Stop
            ], decisions);
    }

    [Fact]
    public void EarlyStopping_of_a_measure_that_grows_keeps_the_greatest()
    {
        var stopping = new EarlyStopping<float>(2, point => point.Validation!.Accuracy!.Value, higherIsBetter: true);
        double[] accuracies = [0.5, 0.75, 0.7, 0.75];
        TrainingDecision[] decisions = [.. accuracies.Select((accuracy, i) =>
        {
            TrainingPoint point = Point(i, 1);
            return stopping.OnEvaluation(point with { Validation = point.Validation! with { Accuracy = accuracy } }, Model);
        })];
        Assert.Equal(1, stopping.BestPoint!.Step);
        Assert.Equal([TrainingDecision.Continue, TrainingDecision.Continue, TrainingDecision.Continue, TrainingDecision.Stop], decisions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EarlyStopping_gives_the_model_its_best_weights_at_the_end_if_asked(bool restoresBest)
    {
        ByteDataset data = TrainingData.Striped(60);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        plan = plan with { Schedule = 3, Length = TrainingLength.Steps(40), Evaluation = new() { Every = 2 } };
        var stopping = new EarlyStopping<float>(3, restoresBest: restoresBest);
        using var trainer = new Trainer<float>(model, plan, data);
        trainer.Callbacks.Add(stopping);
        TrainingResult result = trainer.Run();
        Assert.NotEqual(result.Steps, stopping.BestPoint!.Step);
        var evaluator = new Evaluator<float>(model, plan.Loss, plan.Regularizer, data.Description, plan.Normalization);
        Assert.Equal(restoresBest ? stopping.BestPoint.Training : result.Curve[^1].Training, evaluator.Evaluate(data));
    }

    /// <summary>
    /// The rule of PyTorch's ReduceLROnPlateau as its documentation and source have it, with a patience that is one less.
    /// </summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void ReduceOnPlateau_with_a_cool_down_lowers_the_rate_when_PyTorch_does(int patience, int coolDown)
    {
        var plateau = new ReduceOnPlateau<float>(0.5, patience, threshold: 0.01, coolDown: coolDown);
        double best = double.PositiveInfinity, factor = 1;
        int bad = 0, cooling = 0, falls = 0;
        for (int i = 0; i < 60; i++)
        {
            double loss = 1 + Math.Abs(Math.Sin(i * 0.7)) - (i < 30 ? 0.02 * i : 0.6);
            if (loss < best * (1 - 0.01))
                (best, bad) = (loss, 0);
            else
                bad++;
            if (cooling > 0)
                (cooling, bad) = (cooling - 1, 0);
            if (bad > patience - 1)
                (factor, cooling, bad, falls) = (factor * 0.5, coolDown, 0, falls + 1);
            plateau.OnEvaluation(Point(i, loss), Model);
            Assert.Equal(factor, plateau.RateFactor);
        }
        Assert.True(falls > 3);
    }

    [Fact]
    public void Callbacks_NaN_loss_is_no_improvement_and_is_replaced_as_best()
    {
        var plateau = new ReduceOnPlateau<float>(factor: 0.5, patience: 2);
        double[] losses = [double.NaN, 2, 1, 0.5, double.NaN, double.NaN, 0.4];
        double[] factors = [1, 1, 1, 1, 1, 0.5, 0.5];
        var stopping = new EarlyStopping<float>(3);
        for (int i = 0; i < losses.Length; i++)
        {
            plateau.OnEvaluation(Point(i, losses[i]), Model);
            Assert.Equal(factors[i], plateau.RateFactor);
            Assert.Equal(TrainingDecision.Continue, stopping.OnEvaluation(Point(i, losses[i]), Model));
        }
        Assert.Equal(6, stopping.BestPoint!.Step);
    }

    [Fact]
    public void AveragedWeights_follow_every_step_and_every_buffer()
    {
        ByteDataset data = TrainingData.Striped(60);
        Model<float> model = new Sequential(new Dense(9), new BatchNorm(), new Relu(), new Dense(3)).Build<float>(24, 1);
        TrainingPlan plan = TrainingData.Plan with { Length = TrainingLength.Steps(12) };
        var averaged = new AveragedWeights<float>(model, new(0.75) { Ramp = true });
        var check = new Follower(model);
        using var trainer = new Trainer<float>(model, plan, data);
        trainer.Callbacks.Add(averaged);
        trainer.Callbacks.Add(check);
        trainer.Run();
        double[] found = Follower.NumbersOf(model);
        Assert.Equal(check.Average.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
            Assert.Equal(check.Average[i], found[i], 1e-5 * (1 + Math.Abs(found[i])));
    }

    [Fact]
    public void Callbacks_with_values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau<float>(factor: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau<float>(patience: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau<float>(threshold: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau<float>(smallest: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau<float>(coolDown: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping<float>(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping<float>(1, minimumChange: double.NaN));
    }

    private static TrainingPoint Point(long step, double loss)
    {
        var evaluation = new Evaluation(loss, loss, 0.5, 10);
        return new(step, step, 0.1, evaluation with { Loss = 100 - loss }, evaluation);
    }

    /// <summary>The average by the book: the decay of update t is the smaller of 0.75 and (1 + t) / (10 + t).</summary>
    private sealed class Follower(Model<float> model) : TrainingCallback<float>
    {
        public double[] Average { get; } = NumbersOf(model);

        public static double[] NumbersOf(Model<float> model) =>
        [
            .. model.Parameters.SelectMany(parameter => parameter.Value.AsSpan().ToArray()).Select(x => (double)x),
            .. model.Buffers.SelectMany(buffer => buffer.Value.AsSpan().ToArray()).Select(x => (double)x),
        ];

        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            double decay = Math.Min(0.75, report.Step / (9.0 + report.Step));
            double[] now = NumbersOf(report.Model);
            for (int i = 0; i < now.Length; i++)
                Average[i] = (decay * Average[i]) + ((1 - decay) * now[i]);
            return TrainingDecision.Continue;
        }
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
