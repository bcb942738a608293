using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Checks;

/// <summary>What a layer promises of its runtime as it is made and saved.</summary>
internal static class LayerBuildChecks
{
    public static void Add(CheckList checks, LayerSubject subject)
    {
        checks.Add("it has a short lower-case name", () =>
        {
            string kind = subject.Layer.Kind;
            bool isShort = kind.Length > 0 && kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
            Expect.That(isShort, "a kind of lower-case letters and digits, which paths use", $"\"{kind}\"");
        });
        checks.Add("the shapes of layer and runtime agree", () =>
        {
            CheckShapes(subject, subject.Runtime<float>());
            CheckShapes(subject, subject.Runtime<double>());
        });
        checks.AddIf(
            subject.Options.RefusedShapes.Count > 0,
            "the options name no shape to refuse",
            "a shape that does not fit is refused",
            () => CheckRefusals(subject));
        checks.Add("what is saved has names of its own under the layer's path", () => CheckNames(subject));
        checks.Add("the same seed gives the same parameters", () => Expect.SameBits(
            Values(subject.Layer.Build<float>(subject.Input, subject.Options.Seed)),
            Values((subject.Layer with { }).Build<float>(subject.Input, subject.Options.Seed)),
            "the parameters of a model built again"));
        checks.Add("parameters at float begin as those at double, rounded", () => Expect.SameBits(
            Array.ConvertAll(Values(subject.Layer.Build<double>(subject.Input, subject.Options.Seed)), value => (float)value),
            Values(subject.Layer.Build<float>(subject.Input, subject.Options.Seed)),
            "the parameters at float"));
        checks.Add("the traits never change", () =>
        {
            LayerRuntime<float> runtime = subject.Runtime<float>();
            LayerTraits traits = runtime.Traits;
            Expect.That(traits is not null, "traits", "null");
            subject.Train<float>(subject.Options.Batch);
            Expect.Equal(traits, runtime.Traits, "the traits, asked again");
            Expect.Equal(traits, subject.Runtime<double>().Traits, "the traits at double");
        });
        checks.Add("the memory of a workspace is told", () => CheckMemory(subject));
        bool savesAny = CheckList.Try(() => subject.Runtime<float>()) is { } one && (one.Parameters.Count > 0 || one.Buffers.Count > 0);
        checks.AddIf(
            savesAny, "it has neither parameters nor buffers", "a saved model goes on to the same bits", () => CheckSaving(subject));
    }

    private static void CheckShapes<T>(LayerSubject subject, LayerRuntime<T> runtime)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Expect.Equal(subject.Input, runtime.InputShape, "the input shape of the runtime");
        Expect.Equal(subject.Layer.OutputShape(subject.Input), runtime.OutputShape, "the output shape of the runtime, as the layer says");
    }

    private static void CheckRefusals(LayerSubject subject)
    {
        foreach (Shape shape in subject.Options.RefusedShapes)
        {
            Expect.ThrowsNaming<ShapeMismatchException>(
                $"{shape}", () => subject.Layer.OutputShape(shape), $"{nameof(Layer.OutputShape)}({shape})");
            Expect.ThrowsNaming<ShapeMismatchException>(
                $"{shape}",
                () => subject.Layer.CreateRuntime<float>(new LayerBuild(shape, "", default)),
                $"{nameof(Layer.CreateRuntime)} for {shape}");
        }
    }

    private static void CheckNames(LayerSubject subject)
    {
        LayerRuntime<float> single = subject.Runtime<float>("here");
        LayerRuntime<double> exact = subject.Runtime<double>("here");
        string[] names = Names(single);
        Expect.That(
            names.SequenceEqual(Names(exact)),
            "the same names at float and at double",
            $"{string.Join(", ", names)} and {string.Join(", ", Names(exact))}");
        Expect.Equal(names.Length, names.Distinct().Count(), "the number of different names");
        foreach (string name in names)
            Expect.That(name.StartsWith("here/", StringComparison.Ordinal), "a name that begins with the path, here/", $"\"{name}\"");
        Expect.That(
            ReferenceEquals(single.Parameters.FirstOrDefault(), single.Parameters.FirstOrDefault()), "the same parameters each time",
            "others");
        for (int i = 0; i < single.Parameters.Count; i++)
        {
            (Matrix<float> value, Matrix<double> other) = (single.Parameters[i].Value, exact.Parameters[i].Value);
            Expect.Equal((value.Rows, value.Columns), (other.Rows, other.Columns), $"the shape of {names[i]} at double");
        }
    }

    private static string[] Names<T>(LayerRuntime<T> runtime)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. runtime.Parameters.Select(parameter => parameter.Name), .. runtime.Buffers.Select(buffer => buffer.Name)];

    private static T[] Values<T>(Model<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. model.Parameters.SelectMany(parameter => parameter.Value.AsSpan().ToArray())];

    private static void CheckMemory(LayerSubject subject)
    {
        LayerRuntime<float> runtime = subject.Runtime<float>();
        long training = Memory(subject.Options.LargeBatch, RunMode.Training), inference = Memory(
            subject.Options.LargeBatch, RunMode.Inference);
        Expect.That(inference >= 0, "at least 0 bytes for inference", $"{inference}");
        Expect.That(training >= inference, $"at least as many bytes for training as for inference, {inference}", $"{training}");
        Expect.That(
            Memory(1, RunMode.Training) <= training,
            $"at most as many bytes for one example as for {subject.Options.LargeBatch}, {training}",
            $"{Memory(1, RunMode.Training)}");

        long Memory(int capacity, RunMode mode)
        {
            LayerWorkspace<float> workspace = runtime.CreateWorkspace(capacity, mode, WorkerPool.Single);
            Expect.Equal((capacity, mode), (workspace.Capacity, workspace.Mode), "the capacity and mode of a workspace");
            return workspace.MemoryInBytes;
        }
    }

    // After a pass, so that buffers are not as they began; into a model of another seed.
    private static void CheckSaving(LayerSubject subject)
    {
        int batch = subject.Options.Batch;
        Model<float> model = subject.Build<float>(), other = subject.Layer.Build<float>(subject.Input, subject.Options.Seed + 1);
        LayerPass<float>.Run(subject, model, model.CreateWorkspace(batch, RunMode.Training), batch);
        using var file = new MemoryStream();
        model.SaveWeights(file);
        file.Position = 0;
        other.Load(file);
        Matrix<float> examples = subject.Examples<float>(batch);
        Expect.SameBits(subject.Infer(model, examples), subject.Infer(other, examples), "the outputs of a model that was loaded");
        LayerPass<float> expected = LayerPass<float>.Run(subject, model, model.CreateWorkspace(batch, RunMode.Training), batch);
        LayerPass<float> found = LayerPass<float>.Run(subject, other, other.CreateWorkspace(batch, RunMode.Training), batch);
        expected.ExpectSame(found, "of the next pass of a model that was loaded");
    }
}
