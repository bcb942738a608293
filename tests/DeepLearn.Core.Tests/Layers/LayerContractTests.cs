using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using DeepLearn.Verification;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>What every layer promises; a new one joins by a row in <see cref="LayerCase.All"/>.</summary>
public class LayerContractTests
{
    public static TheoryData<LayerCase> Layers => [.. LayerCase.All];

    [Fact]
    public void Layers_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<Layer>().Except(LayerCase.All.Select(row => row.Large.Layer.GetType())));

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_gradient_equals_the_numeric_derivative(LayerCase layer) => ForAll(layer, 20, sample =>
    {
        sample = sample.Clear();
        Model<double> model = sample.Build<double>();
        Matrix<double> examples = sample.Examples<double>();
        Targets<double> targets = Targets<double>.FromValues(sample.Numbers<double>("targets", model.OutputShape.Count));
        var options = new GradientCheckOptions { IncludesInput = true, ElementsPerParameter = 24, Key = sample.Noise };
        GradientChecker.Check(model, new MeanSquaredError(), Regularizer.None, examples, targets, options).ThrowIfFailed();
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_in_float_follows_double(LayerCase layer) => ForAll(layer, 12, sample =>
    {
        double[] exact = LayerRun<double>.Train(sample).All;
        float[] found = LayerRun<float>.Train(sample).All;
        double scale = exact.Max(Math.Abs);
        for (int i = 0; i < exact.Length; i++)
        {
            double difference = Math.Abs(exact[i] - found[i]);
            Assert.True(difference <= 2e-4 * (scale + Math.Abs(exact[i])), $"element {i}: {exact[i]:r} and {found[i]:r}");
        }
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_smaller_batch_after_a_larger_equals_one_in_a_fresh_workspace(LayerCase layer) => ForAll(layer, 8, sample =>
    {
        Model<float> model = sample.Build<float>();
        ModelWorkspace<float> workspace = model.CreateWorkspace(sample.Batch + 3, RunMode.Training);
        LayerRun<float>.Train(sample with { Batch = sample.Batch + 3, Seed = sample.Seed + 1 }, model, workspace);
        Model<float> fresh = sample.Build<float>();
        for (int i = 0; i < model.Buffers.Count; i++)
            model.Buffers[i].Value.View.Fill(0.25f);
        for (int i = 0; i < model.Buffers.Count; i++)
            fresh.Buffers[i].Value.View.Fill(0.25f);
        LayerRun<float> expected = LayerRun<float>.Train(sample, fresh, fresh.CreateWorkspace(sample.Batch, RunMode.Training));
        AssertSameBits(expected.All, LayerRun<float>.Train(sample, model, workspace).All);
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_built_twice_from_one_seed_is_reproducible_bit_for_bit(LayerCase layer)
    {
        AssertSameBits(LayerRun<float>.Train(layer.Large).All, LayerRun<float>.Train(layer.Large).All);
        Assert.Equal(layer.Large.Layer, layer.Large.Layer with { });
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_on_several_threads_is_reproducible_bit_for_bit(LayerCase layer)
    {
        float[] alone = LayerRun<float>.Train(layer.Large).All;
        Assert.DoesNotContain(alone, float.IsNaN);
        for (int threads = 2; threads <= 3; threads++)
        {
            using var workers = new WorkerPool(threads);
            AssertSameBits(alone, LayerRun<float>.Train(layer.Large, workers).All);
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_forward_and_backward_allocate_nothing(LayerCase layer)
    {
        LayerSample sample = layer.Large;
        Model<float> model = sample.Build<float>();
        Matrix<float> examples = sample.Examples<float>(), inputGradient = new(sample.Batch, sample.Input.Count);
        using var workers = new WorkerPool(2);
        ModelWorkspace<float> training = model.CreateWorkspace(sample.Batch, RunMode.Training, workers);
        ModelWorkspace<float> inference = model.CreateWorkspace(sample.Batch, RunMode.Inference, workers);
        Assert.True(training.MemoryInBytes >= inference.MemoryInBytes);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            training.SetNoise(sample.Noise);
            training.Forward(examples);
            training.OutputGradient.Fill(1);
            training.Backward(examples, inputGradient);
            inference.Forward(examples);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_inference_is_neither_random_nor_changes_state(LayerCase layer) => ForAll(layer, 5, sample =>
    {
        Model<float> model = sample.Build<float>();
        float[][] buffers = [.. model.Buffers.Select(buffer => buffer.Value.AsSpan().ToArray())];
        float[] outputs = LayerRun<float>.Infer(sample, model);
        AssertSameBits(outputs, model.Predict(sample.Examples<float>()).AsSpan());
        for (int i = 0; i < buffers.Length; i++)
            AssertSameBits(buffers[i], model.Buffers[i].Value.AsSpan());

        // One example alone gives what it gives among others.
        AssertSameBits(outputs.AsSpan(0, model.OutputShape.Count), model.Predict(sample.Examples<float>().SliceRows(0, 1)).AsSpan());
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_training_differs_from_inference_exactly_where_it_should(LayerCase layer)
    {
        Model<float> model = layer.Large.Build<float>();
        float[] inference = LayerRun<float>.Infer(layer.Large, model);
        float[] training = LayerRun<float>.Train(layer.Large, model, model.CreateWorkspace(layer.Large.Batch, RunMode.Training)).Outputs;
        if (Contains(layer.Large.Layer, part => part is Dropout or BatchNorm))
            Assert.NotEqual(inference, training);
        else
            AssertSameBits(inference, training);
        Assert.Equal(Contains(layer.Large.Layer, part => part is BatchNorm), model.Buffers.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_in_place_equals_out_of_place_bit_for_bit(LayerCase layer) => ForAll(layer, 5, sample =>
    {
        LayerRuntime<float> runtime = sample.Build<float>().Runtime;
        if (!runtime.Traits.WorksInPlace)
            return;
        foreach (RunMode mode in new[] { RunMode.Inference, RunMode.Training })
        {
            if (mode == RunMode.Training && runtime.Traits.BackwardNeeds.HasFlag(BackwardNeeds.Input))
                continue;
            LayerWorkspace<float> workspace = runtime.CreateWorkspace(sample.Batch, mode, WorkerPool.Single);
            workspace.SetNoise(sample.Noise);
            Matrix<float> input = sample.Examples<float>(), output = new(sample.Batch, runtime.OutputShape.Count);
            runtime.Forward(input, output.View, workspace);
            runtime.Forward(input, input.View, workspace);
            AssertSameBits(output.AsSpan(), input.AsSpan());
            if (mode == RunMode.Inference)
                continue;
            Matrix<float> derivatives = sample.Numbers<float>("derivatives", input.Columns), gradient = new(sample.Batch, input.Columns);
            GradientTarget<float>[] targets = GradientTargets<float>.Writing(runtime.Parameters);
            runtime.Backward(default, output, derivatives, gradient, targets, workspace);
            runtime.Backward(default, output, derivatives, derivatives, targets, workspace);
            AssertSameBits(gradient.AsSpan(), derivatives.AsSpan());
        }
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_reads_and_writes_only_what_it_declares(LayerCase layer) => ForAll(layer, 6, sample =>
    {
        // Rows with gaps, NaN in the gaps and in what the layer says it does not read.
        Model<float> model = sample.Build<float>();
        LayerRun<float> expected = LayerRun<float>.Train(sample);
        LayerRuntime<float> runtime = model.Runtime;
        LayerWorkspace<float> workspace = runtime.CreateWorkspace(sample.Batch, RunMode.Training, WorkerPool.Single);
        workspace.SetNoise(sample.Noise);
        int inputs = sample.Input.Count, outputs = runtime.OutputShape.Count;
        Matrix<float> input = Wide(inputs), output = Wide(outputs), derivatives = Wide(outputs), gradient = Wide(inputs);
        ((ReadOnlyMatrixView<float>)sample.Examples<float>()).CopyTo(Inner(input));
        ((ReadOnlyMatrixView<float>)sample.Numbers<float>("derivatives", outputs)).CopyTo(Inner(derivatives));
        Matrix<float> inputBefore = Matrix<float>.CopyOf(input.View), derivativesBefore = Matrix<float>.CopyOf(derivatives.View);
        runtime.Forward(Inner(input), Inner(output), workspace);
        AssertSameBits(expected.Outputs, Matrix<float>.CopyOf(Inner(output)).AsSpan());
        AssertSameBits(inputBefore.AsSpan(), input.AsSpan());
        if (!runtime.Traits.BackwardNeeds.HasFlag(BackwardNeeds.Input))
            input.View.Fill(float.NaN);
        if (!runtime.Traits.BackwardNeeds.HasFlag(BackwardNeeds.Output))
            output.View.Fill(float.NaN);
        GradientTarget<float>[] targets = GradientTargets<float>.Writing(runtime.Parameters);
        runtime.Backward(Inner(input), Inner(output), Inner(derivatives), Inner(gradient), targets, workspace);
        AssertSameBits(expected.InputGradient, Matrix<float>.CopyOf(Inner(gradient)).AsSpan());
        for (int i = 0; i < expected.Gradients.Length; i++)
            AssertSameBits(expected.Gradients[i], model.Parameters[i].Gradient.AsSpan());
        if (runtime.Traits.KeepsOutputGradient)
            AssertSameBits(derivativesBefore.AsSpan(), derivatives.AsSpan());
        AssertGapsAreNaN(output);
        AssertGapsAreNaN(gradient);

        // Nobody has to want the gradient of the input.
        ModelWorkspace<float> other = model.CreateWorkspace(sample.Batch, RunMode.Training);
        LayerRun<float> without = LayerRun<float>.Train(sample, model, other, wantsInput: false);
        for (int i = 0; i < expected.Gradients.Length; i++)
            AssertSameBits(expected.Gradients[i], without.Gradients[i]);

        Matrix<float> Wide(int columns)
        {
            var wide = new Matrix<float>(sample.Batch, columns + 5);
            wide.View.Fill(float.NaN);
            return wide;
        }
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Targets_that_accumulate_into_the_values_are_a_step_of_gradient_descent(LayerCase layer) => ForAll(layer, 6, sample =>
    {
        LayerRun<double> expected = LayerRun<double>.Train(sample);
        Model<double> model = sample.Build<double>();
        double[][] before = [.. model.Parameters.Select(parameter => parameter.Value.AsSpan().ToArray())];
        GradientTarget<double>[] targets = [.. model.Parameters.Select(parameter => new GradientTarget<double>(parameter.Value, -0.5, 0.75))];
        LayerRun<double> found =
            LayerRun<double>.Train(sample, model, model.CreateWorkspace(sample.Batch, RunMode.Training), targets: targets);
        AssertSameBits(expected.InputGradient, found.InputGradient);
        for (int i = 0; i < before.Length; i++)
        {
            for (int j = 0; j < before[i].Length; j++)
            {
                double value = (0.75 * before[i][j]) - (0.5 * expected.Gradients[i][j]);
                Assert.Equal(value, model.Parameters[i].Value.AsSpan()[j], 1e-12 * (1 + Math.Abs(value)));
            }
        }
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_nested_in_Sequential_equals_the_plain_one_bit_for_bit(LayerCase layer) => ForAll(layer, 5, sample =>
    {
        if (Contains(sample.Layer, part => part is Dropout { Rate: > 0 }))
            return; // whose random numbers are named by the place in the network
        Model<double> plain = sample.Build<double>();
        Model<double> nested = new Sequential(new Sequential(sample.Layer), new Flatten()).Build<double>(sample.Input, 1);
        for (int i = 0; i < plain.Parameters.Count; i++)
            plain.Parameters[i].Value.AsSpan().CopyTo(nested.Parameters[i].Value.AsSpan());
        LayerRun<double> inner = LayerRun<double>.Train(sample, plain, plain.CreateWorkspace(sample.Batch, RunMode.Training));
        LayerRun<double> outer = LayerRun<double>.Train(sample, nested, nested.CreateWorkspace(sample.Batch, RunMode.Training));
        AssertSameBits(inner.All, outer.All);
        Assert.Equal(nested.Parameters.Count, nested.Parameters.Select(parameter => parameter.Name).Distinct().Count());
        AssertSameBits(LayerRun<double>.Infer(sample, plain), LayerRun<double>.Infer(sample, nested));
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_initial_weights_in_float_are_those_in_double_rounded(LayerCase layer)
    {
        Model<double> exact = layer.Large.Layer.Build<double>(layer.Large.Input, 3);
        Model<float> rounded = layer.Large.Layer.Build<float>(layer.Large.Input, 3);
        for (int i = 0; i < exact.Parameters.Count; i++)
        {
            Assert.Equal(exact.Parameters[i].Name, rounded.Parameters[i].Name);
            float[] expected = Array.ConvertAll(exact.Parameters[i].Value.AsSpan().ToArray(), value => (float)value);
            AssertSameBits(expected, rounded.Parameters[i].Value.AsSpan());
        }
    }

    private static MatrixView<float> Inner(Matrix<float> wide) => wide.View.Slice(0, 2, wide.Rows, wide.Columns - 5);

    private static void AssertGapsAreNaN(Matrix<float> wide)
    {
        for (int row = 0; row < wide.Rows; row++)
        {
            for (int column = 0; column < wide.Columns; column++)
                Assert.True((column >= 2 && column < wide.Columns - 3) || float.IsNaN(wide[row, column]));
        }
    }

    private static bool Contains(Layer layer, Func<Layer, bool> predicate) => LayerParts.Of(layer).Any(predicate);

    private static void AssertSameBits<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> found)
        where T : unmanaged =>
        Assert.Equal(MemoryMarshal.AsBytes(expected).ToArray(), MemoryMarshal.AsBytes(found).ToArray());

    private static void AssertSameBits<T>(T[] expected, T[] found)
        where T : unmanaged => AssertSameBits<T>(expected.AsSpan(), found.AsSpan());

    /// <summary>Tries a property; a failure tells the seed to replay and the smallest sample found.</summary>
    private static void ForAll(LayerCase layer, int tries, Action<LayerSample> property) =>
        Prop.ForAll(LayerSample.ArbitraryOf(layer.Layers), property)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tries).WithName(layer.Name));
}
