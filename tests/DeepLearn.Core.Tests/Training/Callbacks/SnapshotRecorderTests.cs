using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Tests.Training.Callbacks;

public class SnapshotRecorderTests
{
    [Fact]
    public void SnapshotRecorder_takes_a_snapshot_at_the_end_of_each_cycle()
    {
        ByteDataset data = TrainingData.Striped(120);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        plan = plan with { Length = TrainingLength.Cycles(3) };
        var recorder = new SnapshotRecorder<float>((CyclicalSchedule)plan.Schedule);
        using var trainer = new Trainer<float>(model, plan, data);
        trainer.Callbacks.Add(recorder);
        trainer.Run();
        Assert.Equal(3, recorder.Snapshots.Count);

        // The first is what training for one cycle gives; the last is the model.
        (_, Model<float> other) = TrainingData.Plan.Prepare<float>(data);
        using var shorter = new Trainer<float>(other, plan with { Length = TrainingLength.Cycles(1) }, data);
        shorter.Run();
        (_, Model<float> first) = TrainingData.Plan.Prepare<float>(data);
        recorder.Snapshots[0].RestoreTo(first);
        Assert.Equal(other.Sha256(), first.Sha256());
        recorder.Snapshots[2].RestoreTo(first);
        Assert.Equal(model.Sha256(), first.Sha256());
    }

    [Fact]
    public void Ensemble_average_is_the_logarithm_of_the_mean_probability()
    {
        (Model<double>[] members, ModelSnapshot<double>[] snapshots) = Members(3);
        Model<double> ensemble = TrainingData.Network.BuildEnsemble(24, EnsembleCombination.Average, snapshots);
        Matrix<double> examples = Examples(8);
        Matrix<double> outputs = ensemble.Predict(examples.View);
        Matrix<double>[] single = [.. members.Select(member => Softmax(member.Predict(examples.View)))];
        for (int row = 0; row < 8; row++)
        {
            for (int column = 0; column < 3; column++)
                Assert.Equal(single.Average(p => p[row, column]), Math.Exp(outputs[row, column]), 1e-14);
        }
    }

    [Fact]
    public void Ensemble_of_networks_with_BatchNorm_uses_the_moving_averages_of_each_member()
    {
        ByteDataset data = TrainingData.Striped(240);
        var network = new Sequential(new Dense(9), new BatchNorm(), new Relu(), new Dense(3));
        Model<float> model = network.Build<float>(24, 1);
        TrainingPlan plan = TrainingData.Plan with { Normalization = Normalization.PerFeature(data) };
        var recorder = new SnapshotRecorder<float>((CyclicalSchedule)plan.Schedule);
        using var trainer = new Trainer<float>(model, plan, data);
        trainer.Callbacks.Add(recorder);
        trainer.Run();
        Model<float> ensemble = network.BuildEnsemble(24, EnsembleCombination.Average, recorder.Snapshots);
        Assert.Equal(4, ensemble.Buffers.Count);
        Assert.NotEqual(ensemble.Buffers[0].Value.AsSpan().ToArray(), ensemble.Buffers[2].Value.AsSpan().ToArray());

        Matrix<float> examples = Single(Examples(40)), found = ensemble.Predict(examples.View);
        var mean = new double[40, 3];
        foreach (ModelSnapshot<float> snapshot in recorder.Snapshots)
        {
            Model<float> member = network.Build<float>(24, 9);
            snapshot.RestoreTo(member);
            Matrix<float> scores = member.Predict(examples.View);
            for (int row = 0; row < 40; row++)
            {
                double sum = scores.Row(row).ToArray().Sum(score => Math.Exp(score));
                for (int column = 0; column < 3; column++)
                    mean[row, column] += Math.Exp(scores[row, column]) / sum / 2;
            }
        }
        for (int row = 0; row < 40; row++)
        {
            for (int column = 0; column < 3; column++)
                Assert.Equal(mean[row, column], Math.Exp(found[row, column]), 1e-5);
        }

        // It can be trained on and evaluated like any other.
        using var more = new Trainer<float>(ensemble, plan with { Length = TrainingLength.Steps(3) }, data);
        Assert.True(double.IsFinite(more.Run().Curve[^1].Training.Loss));
    }

    [Fact]
    public void Ensemble_majority_vote_wins_and_the_mean_breaks_ties()
    {
        (Model<double>[] members, ModelSnapshot<double>[] snapshots) = Members(4);
        Model<double> ensemble = TrainingData.Network.BuildEnsemble(24, EnsembleCombination.MajorityVote, snapshots);
        Matrix<double> examples = Examples(60);
        Matrix<double> outputs = ensemble.Predict(examples.View);
        Matrix<double>[] single = [.. members.Select(member => Softmax(member.Predict(examples.View)))];
        int ties = 0;
        for (int row = 0; row < 60; row++)
        {
            var votes = new double[3];
            foreach (Matrix<double> probabilities in single)
                votes[ArgMax(probabilities.Row(row))]++;
            int[] first = [.. Enumerable.Range(0, 3).Where(c => votes[c] == votes.Max())];
            ties += first.Length > 1 ? 1 : 0;
            int expected = first.MaxBy(c => single.Sum(p => p[row, c]));
            Assert.Equal(expected, ArgMax(outputs.Row(row)));
            Assert.Equal(1, outputs.Row(row).ToArray().Sum(Math.Exp), 1e-12);
        }
        Assert.True(ties > 0);
    }

    [Fact]
    public void Ensemble_average_gradient_equals_the_numeric_derivative()
    {
        var network = new Ensemble(
            EnsembleCombination.Average, new Sequential(new Dense(4), new Relu(), new Dense(3)), new Dense(3), new Dense(3));
        Matrix<double> examples = Examples(5);
        GradientChecker.Check(
            network.Build<double>(24, 3),
            new SoftmaxCrossEntropy(),
            new L2(0.1),
            examples,
            Targets<double>.FromLabels([0, 1, 2, 1, 0]),
            new() { IncludesInput = true }).ThrowIfFailed();
    }

    [Fact]
    public void Ensemble_of_one_snapshot_evaluates_as_its_model()
    {
        ByteDataset data = TrainingData.Striped(120);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        using var trainer = new Trainer<float>(model, plan, data);
        TrainingResult result = trainer.Run();
        Model<float> ensemble = TrainingData.Network.BuildEnsemble(24, EnsembleCombination.Average, [ModelSnapshot<float>.Of(model)]);
        var evaluator = new Evaluator<float>(ensemble, plan.Loss, Regularizer.None, data.Description, plan.Normalization);
        Evaluation evaluation = evaluator.Evaluate(data);
        Assert.Equal(result.Curve[^1].Training.Accuracy, evaluation.Accuracy);
        Assert.Equal(result.Curve[^1].Training.Loss, evaluation.Loss, 1e-5);
    }

    [Fact]
    public void Ensemble_knows_what_inputs_go_through_as_its_members_do()
    {
        ByteDataset data = TrainingData.Striped(60);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        var recorder = new SnapshotRecorder<float>((CyclicalSchedule)plan.Schedule);
        using (var trainer = new Trainer<float>(model, plan, data))
        {
            trainer.Callbacks.Add(recorder);
            trainer.Run();
        }
        Model<float> one = TrainingData.Network.BuildEnsemble(24, EnsembleCombination.Average, [recorder.Snapshots[^1]]);
        Assert.Equal(model.Card.Normalization, one.Card.Normalization);
        Assert.Equal((model.Card.Task, null, 1), (one.Card.Task, one.Card.Training, one.Card.Temperature));
        Evaluation expected = Evaluator<float>.Of(model, plan.Loss, data.Description).Evaluate(data);
        Evaluation found = Evaluator<float>.Of(one, plan.Loss, data.Description).Evaluate(data);
        Assert.Equal(expected.Accuracy, found.Accuracy);
        Assert.Equal(expected.Loss, found.Loss, 1e-6);

        // A member that knows other inputs cannot be given the same ones.
        model.Card = model.Card with { Normalization = null };
        Assert.Contains("snapshot 1", Assert.Throws<ArgumentException>(() => TrainingData.Network.BuildEnsemble(
            24, EnsembleCombination.Average, [recorder.Snapshots[0], ModelSnapshot<float>.Of(model)])).Message);
    }

    [Fact]
    public void ModelSnapshot_of_another_network_is_refused_before_anything_changes()
    {
        Model<float> model = TrainingData.Network.Build<float>(24, 1);
        string before = model.Sha256();
        var other = ModelSnapshot<float>.Of(new Sequential(new Dense(9), new Relu(), new Dense(4)).Build<float>(24, 1));
        var exception = Assert.Throws<ArgumentException>(() => other.RestoreTo(model));
        Assert.Contains("dense2/weights [9, 4]", exception.Message);
        Assert.Contains("dense2/weights [9, 3]", exception.Message);
        Assert.Equal(before, model.Sha256());
    }

    private static (Model<double>[] Members, ModelSnapshot<double>[] Snapshots) Members(int count)
    {
        Model<double>[] members = [.. Enumerable.Range(0, count).Select(i => TrainingData.Network.Build<double>(24, (ulong)i))];
        return (members, [.. members.Select(ModelSnapshot<double>.Of)]);
    }

    private static Matrix<double> Examples(int count)
    {
        var examples = new Matrix<double>(count, 24);
        DeepLearn.Parameters.NormalInitializer.WithStandardDeviation(1)
            .Fill(1, 1, DeepLearn.Foundation.RandomKey.FromSeed(2), examples.View);
        return examples;
    }

    private static Matrix<float> Single(Matrix<double> matrix)
    {
        var single = new Matrix<float>(matrix.Rows, matrix.Columns);
        for (int i = 0; i < matrix.Count; i++)
            single.AsSpan()[i] = (float)matrix.AsSpan()[i];
        return single;
    }

    private static Matrix<double> Softmax(Matrix<double> scores)
    {
        for (int row = 0; row < scores.Rows; row++)
        {
            double[] exponentials = [.. scores.Row(row).ToArray().Select(Math.Exp)];
            for (int column = 0; column < scores.Columns; column++)
                scores[row, column] = exponentials[column] / exponentials.Sum();
        }
        return scores;
    }

    private static int ArgMax(ReadOnlySpan<double> row)
    {
        int best = 0;
        for (int i = 1; i < row.Length; i++)
            best = row[i] > row[best] ? i : best;
        return best;
    }
}
