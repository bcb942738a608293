using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>A run that has come to its end is trained further, as if it had been planned that long.</summary>
public sealed class LongerPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly Dictionary<string, Func<Model<float>, TrainingCallback<float>[]>> Kinds = new()
    {
        ["none"] = _ => [],
        ["lower rate"] = _ => [new ReduceOnPlateau<float>(0.5, 2, 0.9)],
        ["best weights"] = _ => [new EarlyStopping<float>(50, point => point.Step, higherIsBetter: false, restoresBest: true)],
        ["average"] = model => [new AveragedWeights<float>(model, new(0.5))],
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string kind in Kinds.Keys)
            {
                cases.Add(kind, 8);

                // Its end is measured though no evaluation was due.
                cases.Add(kind, 9);
            }
            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trainer_of_a_run_that_has_ended_goes_on_as_if_it_had_been_planned_that_long(string kind, int steps)
    {
        string path = _folder["run.checkpoint"];
        using (Trainer<float> shorter = Of(kind, steps).Create(new(path) { Every = 1 }))
        {
            TrainingResult result = shorter.Run();
            Assert.Equal(steps, result.Curve[^1].Step);

            // Whatever the model has been given since, the checkpoint is that of the last step.
            byte[] whole = File.ReadAllBytes(path);
            shorter.SaveCheckpoint();
            Assert.Equal(whole, File.ReadAllBytes(path));
        }

        // Taken up once more without more steps, it ends as it did.
        using (Trainer<float> again = Of(kind, steps).Create(new(path)))
        {
            Assert.True(again.TryResume());
            Assert.Equal(Of(kind, steps).Uninterrupted(), Interruption<float>.End.Of(again));
        }
        Interruption<float> longer = Of(kind, 30);
        using Trainer<float> further = longer.Create(new(path));
        Assert.True(further.TryResume());
        Assert.Equal(longer.Uninterrupted(), Interruption<float>.End.Of(further));
    }

    private static Interruption<float> Of(string kind, int steps)
    {
        TrainingPlan plan = TrainingData.Plan with
        {
            Schedule = 0.05,
            Length = TrainingLength.Steps(steps),
            Optimizer = new Sgd { Momentum = 0.9 },
            Evaluation = new() { Every = 4 },
        };
        return new(TrainingData.Network, plan, TrainingData.Striped(60), TrainingData.Striped(20)) { Callbacks = Kinds[kind] };
    }
}
