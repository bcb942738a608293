using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Verification;

namespace DeepLearn.Testing.Checks;

/// <summary>
/// What a layer promises of its passes, whatever it declares: gradients, precision, and bits that depend on nothing they should not.
/// </summary>
internal static class LayerPassChecks
{
    public static void Add(CheckList checks, LayerSubject subject)
    {
        int batch = subject.Options.Batch;
        checks.Add("the gradient is the derivative", () => CheckGradient(subject, subject.Layer));
        checks.Add("float follows double", () => CheckFloat(subject));
        checks.Add("a pass repeated gives the same bits", () => CheckRepeats(subject));
        checks.Add("gradients do not depend on what stood where they go", () => CheckWriting(subject));
        checks.Add("nobody has to want the gradient of the input", () =>
        {
            Model<float> model = subject.Build<float>();
            ModelWorkspace<float> workspace = model.CreateWorkspace(batch, RunMode.Training);
            LayerPass<float> without = LayerPass<float>.Run(subject, model, workspace, batch, wantsInput: false);
            subject.Train<float>(batch).ExpectSame(without, "where nobody wants that of the input", withInputGradient: false);
        });
        checks.Add("inference is neither random nor remembered", () => CheckInference(subject));
        checks.Add("an example gives the same bits in any batch", () => CheckBatches(subject));
        checks.Add("a smaller batch after a larger one gives the same bits", () => CheckRagged(subject));
        checks.Add("threads change no bit", () => CheckThreads(subject));
        checks.Add("nested in a network it gives the same bits", () => CheckNested(subject));
        checks.Add("a pass allocates nothing", () => CheckAllocation(subject));
    }

    public static void CheckGradient(LayerSubject subject, Layer layer)
    {
        Model<double> model = subject.Build<double>(layer);
        Matrix<double> examples = subject.Examples<double>(subject.Options.Batch);
        Matrix<double> targets = subject.Draw<double>("targets", subject.Options.Batch, model.OutputShape.Count);
        var how = new GradientCheckOptions
        {
            IncludesInput = true,
            ElementsPerParameter = subject.Options.GradientElements,
            Key = subject.Noise,
        };
        GradientReport report = GradientChecker.Check(
            model, new MeanSquaredError(), Regularizer.None, examples, Targets<double>.FromValues(targets), how);
        Expect.That(report.Passed, "the gradient by centered differences, in double", Differences.Failures(report));
    }

    private static void CheckFloat(LayerSubject subject)
    {
        double[] exact = subject.Train<double>(subject.Options.Batch).All;
        float[] found = subject.Train<float>(subject.Options.Batch).All;
        double scale = exact.Max(Math.Abs);
        for (int i = 0; i < exact.Length; i++)
        {
            double room = subject.Options.FloatTolerance * (scale + Math.Abs(exact[i]));
            Expect.That(
                Math.Abs(exact[i] - found[i]) <= room || exact[i].Equals((double)found[i]),
                $"number {i} of a pass at float within {room:e1} of {exact[i]:R}",
                $"{found[i]:R}");
        }
    }

    private static void CheckRepeats(LayerSubject subject)
    {
        LayerPass<float> expected = subject.Train<float>(subject.Options.Batch);
        expected.ExpectSame(subject.Train<float>(subject.Options.Batch), "of a model built again");
        Model<float> model = subject.Build<float>();
        float[] outputs = subject.Infer(model, subject.Examples<float>(subject.Options.Batch));
        Concurrently.ExpectSame(
            outputs,
            () => subject.Infer(model, subject.Examples<float>(subject.Options.Batch)),
            (one, other) => Expect.SameBits(one, other, "the outputs of one model in inference, each thread with a workspace of its own"));
    }

    private static void CheckWriting(LayerSubject subject)
    {
        int batch = subject.Options.Batch;
        subject.Train<float>(batch).ExpectNumbers();
        Model<float> model = subject.Build<float>();
        ModelWorkspace<float> workspace = model.CreateWorkspace(batch, RunMode.Training);
        LayerPass<float> first = LayerPass<float>.Run(subject, model, workspace, batch, filling: 0);
        LayerPass<float> second = LayerPass<float>.Run(subject, model, workspace, batch, filling: 7);
        Expect.SameBits(first.InputGradient, second.InputGradient, "the gradient of the input, where 7 stood before");
        for (int i = 0; i < model.Parameters.Count; i++)
            Expect.SameBits(first.GradientOf(i), second.GradientOf(i), $"the gradient of {model.Parameters[i].Name}, where 7 stood before");
    }

    private static void CheckInference(LayerSubject subject)
    {
        Model<float> model = subject.Build<float>();
        float[][] before = Saved(model);
        ModelWorkspace<float> workspace = model.CreateWorkspace(subject.Options.Batch, RunMode.Inference);
        Matrix<float> examples = subject.Examples<float>(subject.Options.Batch);
        float[] first = workspace.Forward(examples).AsSpan().ToArray();
        workspace.SetNoise(subject.Noise.Derive("other"));
        Expect.SameBits<float>(
            first, workspace.Forward(examples).AsSpan(), "the outputs of a second pass, under another name of random numbers");
        float[][] after = Saved(model);
        for (int i = 0; i < before.Length; i++)
            Expect.SameBits(before[i], after[i], "a parameter or buffer after passes in inference");
    }

    private static float[][] Saved(Model<float> model) =>
    [
        .. model.Parameters.Select(parameter => parameter.Value.AsSpan().ToArray()),
        .. model.Buffers.Select(buffer => buffer.Value.AsSpan().ToArray()),
    ];

    private static void CheckBatches(LayerSubject subject)
    {
        Model<float> model = subject.Build<float>();
        Matrix<float> examples = subject.Examples<float>(subject.Options.LargeBatch);
        float[] together = subject.Infer(model, examples);
        int width = model.OutputShape.Count, first = 0;
        foreach (int count in new[] { 1, 2, 3, subject.Options.Batch, 1, subject.Options.LargeBatch / 2 })
        {
            first = Math.Min(first, examples.Rows - count);
            float[] some = subject.Infer(model, Matrix<float>.CopyOf(examples.SliceRows(first, count)));
            Expect.SameBits<float>(
                together.AsSpan(first * width, count * width), some,
                $"the outputs of {count} examples from {first} on, as among {examples.Rows}");
            first += count;
        }
    }

    private static void CheckRagged(LayerSubject subject)
    {
        int batch = subject.Options.Batch;
        Model<float> model = subject.Build<float>(), fresh = subject.Build<float>();
        ModelWorkspace<float> workspace = model.CreateWorkspace(batch + 3, RunMode.Training);
        LayerPass<float>.Run(
            subject with { Options = subject.Options with { Seed = subject.Options.Seed + 1 } }, model, workspace, batch + 3);
        for (int i = 0; i < model.Buffers.Count; i++)
            fresh.Buffers[i].Value.AsSpan().CopyTo(model.Buffers[i].Value.AsSpan());
        LayerPass<float> expected = LayerPass<float>.Run(subject, fresh, fresh.CreateWorkspace(batch, RunMode.Training), batch);
        expected.ExpectSame(LayerPass<float>.Run(subject, model, workspace, batch), "after a larger batch in the same workspace");
    }

    private static void CheckThreads(LayerSubject subject)
    {
        int batch = subject.Options.LargeBatch;
        LayerPass<float> alone = subject.Train<float>(batch);
        Matrix<float> examples = subject.Examples<float>(batch);
        float[] outputs = subject.Infer(subject.Build<float>(), examples);
        foreach (int threads in subject.Options.Threads)
        {
            using var workers = new WorkerPool(threads);
            alone.ExpectSame(subject.Train<float>(batch, workers), $"on {threads} threads");
            Expect.SameBits(
                outputs, subject.Infer(subject.Build<float>(), examples, workers), $"the outputs in inference on {threads} threads");
        }
    }

    private static void CheckNested(LayerSubject subject)
    {
        int batch = subject.Options.Batch;
        Model<double> plain = subject.Build<double>(), nested = subject.Build<double>(new Sequential(
            new Sequential(subject.Layer), new Flatten()));
        Expect.Equal(plain.Parameters.Count, nested.Parameters.Count, "the number of parameters of a network of the layer");
        for (int i = 0; i < plain.Parameters.Count; i++)
            plain.Parameters[i].Value.AsSpan().CopyTo(nested.Parameters[i].Value.AsSpan());
        Matrix<double> examples = subject.Examples<double>(batch);
        Expect.SameBits(subject.Infer(plain, examples), subject.Infer(nested, examples), "the outputs in inference within a network");

        // Random numbers are named by the place in the network, so that a layer that draws some has others there.
        if (!DrawsNumbers(subject))
            Train(plain, subject).ExpectSame(Train(nested, subject), "within a network");

        LayerPass<double> Train(Model<double> model, LayerSubject numbers)
        {
            foreach (StateBuffer<double> buffer in model.Buffers)
                buffer.Value.View.Fill(0.25);
            return LayerPass<double>.Run(numbers, model, model.CreateWorkspace(batch, RunMode.Training), batch);
        }
    }

    // Whether the outputs in training differ under other names of random numbers: many, since a few may give the same by chance.
    private static bool DrawsNumbers(LayerSubject subject)
    {
        const int Names = 8;
        Model<double> model = subject.Build<double>();
        Matrix<double> examples = subject.Examples<double>(subject.Options.LargeBatch);
        ModelWorkspace<double> workspace = model.CreateWorkspace(examples.Rows, RunMode.Training);
        double[] first = workspace.Forward(examples).AsSpan().ToArray();
        for (int i = 0; i < Names; i++)
        {
            workspace.SetNoise(subject.Noise.Derive(i));
            if (!first.AsSpan().SequenceEqual(workspace.Forward(examples).AsSpan()))
                return true;
        }
        return false;
    }

    private static void CheckAllocation(LayerSubject subject)
    {
        int batch = subject.Options.LargeBatch;
        Model<float> model = subject.Build<float>();
        Matrix<float> examples = subject.Examples<float>(batch), inputGradient = new(batch, examples.Columns);
        using var workers = new WorkerPool(2);
        foreach (WorkerPool pool in (WorkerPool[])[WorkerPool.Single, workers])
        {
            ModelWorkspace<float> training = model.CreateWorkspace(batch, RunMode.Training, pool), inference = model.CreateWorkspace(
                batch, RunMode.Inference, pool);
            Allocations.ExpectNone(
                () =>
                {
                    training.SetNoise(subject.Noise);
                    training.Forward(examples);
                    training.OutputGradient.Fill(1);
                    training.Backward(examples, inputGradient);
                },
                "a pass forward and back in training");
            Allocations.ExpectNone(() => inference.Forward(examples), "a pass in inference");
        }
    }
}
