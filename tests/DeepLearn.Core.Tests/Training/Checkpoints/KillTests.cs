using System.Diagnostics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Optimizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Data;
using DeepLearn.Tests.Samples;
using DeepLearn.Tests.Support;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>Training in a process of its own, which is killed at instants of chance, while it computes or writes.</summary>
public class KillTests
{
    private const string Variable = "DEEPLEARN_TEST_CHECKPOINT";
    private const int Steps = 6_000;

    private static readonly ByteDataset Data = SmallData.Bytes(60, new Shape(6), classes: 3);

    private static readonly Interruption<float> Run = new(
        new Sequential(new Dense(8), new BatchNorm(), new Relu(), new Dropout(0.2), new Dense(3)),
        TrainingData.Plan with
        {
            Length = TrainingLength.Steps(Steps),
            Normalization = Normalization.PerFeature(Data),
            Optimizer = new Adam(),
            Evaluation = new() { Every = 25 },
        },
        Data,
        Data.Take(20))
    {
        Callbacks = model => [new AveragedWeights<float>(model), new EarlyStopping<float>(int.MaxValue), new ReduceOnPlateau<float>(0.9)],
    };

    [Fact]
    public void Trainer_killed_at_random_instants_resumes_to_the_same_model_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        string path = folder["run.checkpoint"];
        var random = new Random(1);
        long before = 0;
        for (int kill = 0; kill < 5; kill++)
        {
            Kill(path, before, TimeSpan.FromMilliseconds(random.Next(0, 40) + random.NextDouble()));

            // Whatever the instant, there is a whole checkpoint, and no step is lost that it had.
            before = StepsOf(path, before);
        }
        Assert.InRange(before, 5, Steps - 1);
        Remains.MakeOld(folder.Root);
        using Trainer<float> trainer = Run.Create(new(path));
        Assert.True(trainer.TryResume());
        Assert.Equal(Run.Uninterrupted(), Interruption<float>.End.Of(trainer));
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }

    /// <summary>What the other process runs. Where there is no other process, it does nothing.</summary>
    [Fact]
    public void Trainer_of_the_kill_test_runs_in_a_child_process()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
            return;
        using Trainer<float> trainer = Run.Create(new(path) { Every = 1 });
        trainer.TryResume();
        trainer.Run();
    }

    private static long StepsOf(string path, long atLeast)
    {
        using Trainer<float> trainer = Run.Create(new(path));
        Assert.True(trainer.TryResume());
        Assert.InRange(trainer.StepsDone, atLeast, Steps);
        return trainer.StepsDone;
    }

    private static void Kill(string path, long before, TimeSpan after)
    {
        string program = "DeepLearn.Core.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, program))
        {
            ArgumentList = { "-method", $"{typeof(KillTests).FullName}.{nameof(Trainer_of_the_kill_test_runs_in_a_child_process)}" },
            Environment = { [Variable] = path },
            RedirectStandardOutput = true,
        };
        DateTime written = File.GetLastWriteTimeUtc(path);
        using Process process = Process.Start(start)!;
        try
        {
            // Once it has gone on, at any instant.
            var patience = Stopwatch.StartNew();
            while (!process.HasExited && (!File.Exists(path) || File.GetLastWriteTimeUtc(path) == written))
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(5), $"The other process wrote no checkpoint after step {before}.");
                Thread.Sleep(1);
            }
            var since = Stopwatch.StartNew();
            while (since.Elapsed < after)
                Thread.SpinWait(20);
            if (process.HasExited)
                Assert.Fail($"The other process ended by itself: {process.StandardOutput.ReadToEnd()}");
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
