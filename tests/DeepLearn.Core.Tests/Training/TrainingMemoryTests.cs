using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>What a run says that it holds, against what the process holds.</summary>
[Collection(Alone.Name)]
public class TrainingMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARunHoldsWhatItSays(bool adam)
    {
        // What earlier tests have left to pools and to threads that have ended may be given back while this one measures; a run that
        // holds something else does so every time.
        (long Held, long Said) run = Run(adam);
        for (int again = 0; again < 3 && !IsWithin(run.Held, run.Said); again++)
            run = Run(adam);
        Assert.True(IsWithin(run.Held, run.Said), $"The run says that it holds {run.Said} bytes; it holds {run.Held}.");
    }

    private static bool IsWithin(long held, long said) => held >= 0.95 * said && held <= (1.05 * said) + 100_000;

    private static (long Held, long Said) Run(bool adam)
    {
        long before = Held();
        ByteDataset data = TrainingData.Striped(60_000);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        plan = plan with { BatchSize = 20_000, Optimizer = adam ? new Adam() : new Sgd(), Length = TrainingLength.Steps(6) };
        using var trainer = new Trainer<float>(model, plan, data, data.Take(30_000));
        trainer.Run();
        long held = Held() - before;
        Assert.True(trainer.Memory.Data >= 60_000 * 24);
        Assert.Equal(adam ? 2 * 4 * model.ParameterCount : 0, trainer.Memory.OptimizerState);
        GC.KeepAlive(data);
        return (held, trainer.Memory.Total);

        static long Held()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return GC.GetTotalMemory(forceFullCollection: true);
        }
    }

    [Fact]
    public void ViewsOfTheSameDataCountItOnce()
    {
        ByteDataset data = TrainingData.Striped(100);
        long one = Dataset.MemoryInBytes(data);
        Assert.Equal((100 * 24) + 400, one);
        Assert.Equal(one + (2 * 4 * 30) + (2 * 4 * 70), Dataset.MemoryInBytes(data.Take(30), data.Skip(30), data));
    }
}
