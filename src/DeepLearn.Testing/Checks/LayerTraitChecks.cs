using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Checks;

/// <summary>What a layer declares of itself, taken at its word.</summary>
internal static class LayerTraitChecks
{
    public static void Add(CheckList checks, LayerSubject subject)
    {
        LayerRuntime<float>? runtime = CheckList.Try(() => subject.Runtime<float>());
        LayerTraits traits = runtime?.Traits ?? LayerTraits.Default;
        checks.Add("the backward pass reads only what it declares", () => CheckReads(subject));
        checks.Add("nothing is read or written beside the rows", () => CheckWindows(subject));
        AddIf(traits.WorksInPlace, "works in place", "in place it gives the same bits", CheckInPlace);
        AddIf(traits.KeepsOutputGradient, "keeps the output's gradient", "the output's gradient is kept", CheckKeeping);
        AddIf(traits.IsPassThrough, "passes through", "it passes on what it is given", CheckPassThrough);
        AddIf(traits.IsRelu, "is a ReLU", "it is a ReLU and no more", CheckRelu);
        AddIf(runtime is IFusesRelu<float>, "fuses a ReLU", "a fused ReLU gives the bits of two passes", CheckFusion);
        AddIf(
            runtime is IFusesRelu<float>,
            "fuses a ReLU",
            "the gradient through a fused ReLU is the derivative",
            layer => LayerPassChecks.CheckGradient(layer, new Sequential(layer.Layer, new Relu())));
        AddIf(
            runtime is IFusesReluBackward<float>,
            "fuses a ReLU's backward pass",
            "a fused backward pass gives the bits of two",
            CheckBackwardFusion);
        AddIf(
            runtime is IReportsOutput<float>,
            "reports its output",
            "what it reports is its output, each number once",
            LayerFollowerChecks.CheckReports);
        AddIf(
            runtime is IFollowsInput<float>,
            "follows its input",
            "it gives the same bits whether or not it follows its input",
            LayerFollowerChecks.CheckFollowing);
        AddIf(traits.ReadsBytes, "reads bytes", "bytes give the bits of the numbers that they stand for", CheckBytes);
        checks.AddIf(
            runtime?.Parameters.Count > 0,
            "it has no parameters",
            "gradients that accumulate into the values are a step of gradient descent",
            () => CheckAccumulation(subject));
        checks.AddIf(
            runtime?.Parameters.Count > 0,
            "it has no parameters",
            "nobody has to want the gradient of a parameter",
            () => CheckUnwanted(subject));

        void AddIf(bool declares, string trait, string name, Action<LayerSubject> check) =>
            checks.AddIf(declares, $"it does not declare that it {trait}", name, () => check(subject));
    }

    // What it declares not to read is NaN by the time of the backward pass.
    private static void CheckReads(LayerSubject subject)
    {
        int batch = subject.Options.Batch;
        LayerPass<float> expected = subject.Train<float>(batch);
        LayerRuntime<float> runtime = subject.BuildRuntime<float>();
        BackwardNeeds needs = runtime.Traits.BackwardNeeds;
        LayerWorkspace<float> workspace = Workspace(subject, runtime, RunMode.Training);
        Matrix<float> input = subject.Examples<float>(batch), output = new(batch, runtime.OutputShape.Count);
        runtime.Forward(input, output, workspace);
        if (!needs.HasFlag(BackwardNeeds.Input))
            input.View.Fill(float.NaN);
        if (!needs.HasFlag(BackwardNeeds.Output))
            output.View.Fill(float.NaN);
        Matrix<float> gradient = Numbers.Filled(batch, input.Columns, float.NaN);
        runtime.Backward(
            input, output, Derivatives(subject, runtime.OutputShape), gradient, GradientTargets<float>.Writing(runtime.Parameters),
            workspace);
        string how = $"where {nameof(BackwardNeeds)} is {needs} and the rest is NaN";
        Expect.SameBits<float>(expected.InputGradient, gradient.AsSpan(), $"the gradient of the input {how}");
        for (int i = 0; i < runtime.Parameters.Count; i++)
        {
            Parameter<float> parameter = runtime.Parameters[i];
            Expect.SameBits<float>(expected.GradientOf(i), parameter.Gradient.AsSpan(), $"the gradient of {parameter.Name} {how}");
        }
    }

    private static void CheckWindows(LayerSubject subject)
    {
        int batch = subject.Options.Batch;
        LayerPass<float> expected = subject.Train<float>(batch);
        LayerRuntime<float> runtime = subject.BuildRuntime<float>();
        LayerWorkspace<float> workspace = Workspace(subject, runtime, RunMode.Training);
        Window<float> input = new(subject.Examples<float>(batch)), output = new(batch, runtime.OutputShape.Count);
        Window<float> derivatives = new(Derivatives(subject, runtime.OutputShape)), gradient = new(batch, subject.Input.Count);
        float[] examples = input.ToArray();
        runtime.Forward(input.View, output.View, workspace);
        Expect.SameBits(expected.Outputs, output.ToArray(), "the outputs in rows with gaps between them");
        Expect.SameBits(examples, input.ToArray(), "the input, which is not to be changed");
        runtime.Backward(
            input.View, output.View, derivatives.View, gradient.View, GradientTargets<float>.Writing(runtime.Parameters), workspace);
        Expect.SameBits(expected.InputGradient, gradient.ToArray(), "the gradient of the input in rows with gaps between them");
        for (int i = 0; i < runtime.Parameters.Count; i++)
        {
            Parameter<float> parameter = runtime.Parameters[i];
            Expect.SameBits<float>(
                expected.GradientOf(i), parameter.Gradient.AsSpan(), $"the gradient of {parameter.Name}, of rows with gaps between them");
        }
        input.ExpectMarginsUntouched("the input");
        output.ExpectMarginsUntouched("the outputs");
        derivatives.ExpectMarginsUntouched("the gradient of the outputs");
        gradient.ExpectMarginsUntouched("the gradient of the input");
    }

    private static void CheckInPlace(LayerSubject subject)
    {
        LayerRuntime<float> runtime = subject.BuildRuntime<float>();
        Expect.Equal(runtime.InputShape.Count, runtime.OutputShape.Count, "the number of outputs of a layer that works in place");
        foreach (RunMode mode in Enum.GetValues<RunMode>())
        {
            // In training it is not used if the backward pass reads the input.
            if (mode == RunMode.Training && runtime.Traits.BackwardNeeds.HasFlag(BackwardNeeds.Input))
                continue;
            LayerWorkspace<float> workspace = Workspace(subject, runtime, mode);
            Matrix<float> input = subject.Examples<float>(subject.Options.Batch), output = new(input.Rows, input.Columns);
            runtime.Forward(input, output, workspace);
            runtime.Forward(input, input.View, workspace);
            Expect.SameBits<float>(output.AsSpan(), input.AsSpan(), $"the outputs written over the input ({mode})");
            if (mode == RunMode.Inference)
                continue;
            Matrix<float> derivatives = Derivatives(subject, runtime.OutputShape), gradient = new(input.Rows, input.Columns);
            GradientTarget<float>[] targets = GradientTargets<float>.Writing(runtime.Parameters);
            runtime.Backward(default, output, Matrix<float>.CopyOf(derivatives.View), gradient, targets, workspace);
            runtime.Backward(default, output, derivatives, derivatives, targets, workspace);
            Expect.SameBits<float>(
                gradient.AsSpan(), derivatives.AsSpan(), "the gradient of the input written over that of the outputs");
        }
    }

    private static void CheckKeeping(LayerSubject subject)
    {
        LayerRuntime<float> runtime = subject.BuildRuntime<float>();
        LayerWorkspace<float> workspace = Workspace(subject, runtime, RunMode.Training);
        Matrix<float> input = subject.Examples<float>(subject.Options.Batch), output = new(input.Rows, runtime.OutputShape.Count);
        Matrix<float> derivatives = Derivatives(subject, runtime.OutputShape), kept = Matrix<float>.CopyOf(derivatives.View);
        GradientTarget<float>[] targets = GradientTargets<float>.Writing(runtime.Parameters);
        runtime.Forward(input, output, workspace);
        runtime.Backward(input, output, derivatives, new Matrix<float>(input.Rows, input.Columns), targets, workspace);
        Expect.SameBits<float>(kept.AsSpan(), derivatives.AsSpan(), "the gradient of the outputs after the backward pass");
        runtime.Backward(input, output, derivatives, default, targets, workspace);
        Expect.SameBits<float>(
            kept.AsSpan(), derivatives.AsSpan(), "the gradient of the outputs after a backward pass that is to give none of the input");
    }

    private static void CheckAccumulation(LayerSubject subject)
    {
        const double Scale = -0.5, Keep = 0.75, Tolerance = 1e-12;
        int batch = subject.Options.Batch;
        LayerPass<double> expected = subject.Train<double>(batch);
        Model<double> model = subject.Build<double>();
        double[][] before = [.. model.Parameters.Select(parameter => parameter.Value.AsSpan().ToArray())];
        GradientTarget<double>[] targets =
            [.. model.Parameters.Select(parameter => new GradientTarget<double>(parameter.Value, Scale, Keep))];
        LayerPass<double> found =
            LayerPass<double>.Run(subject, model, model.CreateWorkspace(batch, RunMode.Training), batch, targets: targets);
        Expect.SameBits(expected.InputGradient, found.InputGradient, "the gradient of the input, which is that of the values before");
        for (int i = 0; i < before.Length; i++)
        {
            double[] values = [.. before[i].Zip(expected.GradientOf(i), (value, gradient) => (Keep * value) + (Scale * gradient))];
            Expect.Near<double>(
                values,
                model.Parameters[i].Value.AsSpan(),
                Tolerance,
                $"{model.Parameters[i].Name} as the target of its gradient, {Keep} * value {Scale} * gradient");
        }
    }

    // None of the parameters, and each of them alone: a layer may sum in another order where it computes less.
    private static void CheckUnwanted(LayerSubject subject)
    {
        const double Tolerance = 1e-12;
        int batch = subject.Options.Batch;
        LayerPass<double> expected = subject.Train<double>(batch);
        int count = subject.Build<double>().Parameters.Count;
        Run(null, wantsInput: false);
        for (int wanted = -1; wanted < count; wanted++)
        {
            LayerPass<double> found = Run(wanted < 0 ? null : wanted, wantsInput: true);
            Expect.SameBits(
                expected.InputGradient, found.InputGradient, "the gradient of the input where that of one parameter at most is wanted");
            if (wanted >= 0)
            {
                Expect.Near<double>(
                    expected.GradientOf(wanted), found.GradientOf(wanted), Tolerance, $"the gradient of parameter {wanted}, wanted alone");
            }
        }

        LayerPass<double> Run(int? wanted, bool wantsInput)
        {
            Model<double> model = subject.Build<double>();
            double[][] before = [.. model.Parameters.Select(parameter => parameter.Value.AsSpan().ToArray())];
            var targets = new GradientTarget<double>[count];
            if (wanted is { } index)
                targets[index] = new(model.Parameters[index].Gradient, 1, 0);
            ModelWorkspace<double> workspace = model.CreateWorkspace(batch, RunMode.Training);
            LayerPass<double> pass = LayerPass<double>.Run(subject, model, workspace, batch, wantsInput, targets: targets);
            for (int i = 0; i < count; i++)
            {
                Expect.SameBits<double>(
                    before[i], model.Parameters[i].Value.AsSpan(), $"{model.Parameters[i].Name} after a pass back that does not target it");
            }
            return pass;
        }
    }

    private static void CheckPassThrough(LayerSubject subject)
    {
        LayerRuntime<float> runtime = subject.BuildRuntime<float>();
        Expect.Equal(0, runtime.Parameters.Count, "the number of parameters of a layer that passes through");
        LayerPass<float> pass = subject.Train<float>(subject.Options.Batch);
        Expect.SameBits<float>(subject.Examples<float>(subject.Options.Batch).AsSpan(), pass.Outputs, "the outputs, which are the input");
        Expect.SameBits<float>(
            Derivatives(subject, runtime.OutputShape).AsSpan(), pass.InputGradient,
            "the gradient of the input, which is that of the outputs");
        float[] inferred = subject.Infer(subject.Build<float>(), subject.Examples<float>(subject.Options.Batch));
        Expect.SameBits(pass.Outputs, inferred, "the outputs in inference");
    }

    private static void CheckRelu(LayerSubject subject)
    {
        Matrix<float> input = subject.Examples<float>(subject.Options.Batch);
        float[] edges = [float.NaN, -0f, 0, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon];
        edges.AsSpan(0, Math.Min(edges.Length, input.Count)).CopyTo(input.AsSpan());
        foreach (RunMode mode in Enum.GetValues<RunMode>())
        {
            LayerRuntime<float> runtime = subject.BuildRuntime<float>();
            Expect.Equal(0, runtime.Parameters.Count, "the number of parameters of a ReLU");
            Expect.SameBits(Relu(input), Forward(subject, runtime, mode, input), $"max(0, x) of every number ({mode})");
        }
    }

    private static void CheckFusion(LayerSubject subject)
    {
        foreach (RunMode mode in Enum.GetValues<RunMode>())
        {
            // A runtime of its own for each, since a pass in training may change moving averages.
            Matrix<float> input = subject.Examples<float>(subject.Options.LargeBatch);
            LayerRuntime<float> one = subject.BuildRuntime<float>(), other = subject.BuildRuntime<float>();
            float[] outputs = Forward(subject, one, mode, input);
            var apart = new Matrix<float>(input.Rows, one.OutputShape.Count);
            outputs.CopyTo(apart.AsSpan());
            Matrix<float> fused = Numbers.Filled(input.Rows, one.OutputShape.Count, float.NaN);
            ((IFusesRelu<float>)other).ForwardRelu(input, fused, Workspace(subject, other, mode, input.Rows));
            Expect.SameBits<float>(Relu(apart), fused.AsSpan(), $"the outputs of the layer and a ReLU in one pass ({mode})");
        }
    }

    private static void CheckBackwardFusion(LayerSubject subject)
    {
        int batch = subject.Options.LargeBatch;
        Matrix<float> input = subject.Examples<float>(batch);
        LayerRuntime<float> one = subject.BuildRuntime<float>(), other = subject.BuildRuntime<float>();
        LayerWorkspace<float> ofOne = Workspace(subject, one, RunMode.Training, batch);
        LayerWorkspace<float> ofOther = Workspace(subject, other, RunMode.Training, batch);
        Matrix<float> output = new(batch, one.OutputShape.Count), before = new(batch, one.OutputShape.Count);
        Matrix<float> behind = subject.Draw<float>("derivatives", batch, one.OutputShape.Count);
        ((IFusesRelu<float>)one).ForwardRelu(input, output, ofOne);
        ((IFusesRelu<float>)other).ForwardRelu(input, output, ofOther);
        for (int i = 0; i < before.Count; i++)
            before.AsSpan()[i] = output.AsSpan()[i] > 0 ? behind.AsSpan()[i] : 0;
        float[] given = behind.AsSpan().ToArray();
        Matrix<float> expected = Numbers.Filled(batch, input.Columns, float.NaN), found = Numbers.Filled(batch, input.Columns, float.NaN);
        one.Backward(input, output, before, expected, GradientTargets<float>.Writing(one.Parameters), ofOne);
        ((IFusesReluBackward<float>)other).BackwardRelu(
            input, output, behind, found, GradientTargets<float>.Writing(other.Parameters), ofOther);
        Expect.SameBits<float>(expected.AsSpan(), found.AsSpan(), "the gradient of the input through a ReLU and the layer in one pass");
        for (int i = 0; i < one.Parameters.Count; i++)
        {
            Expect.SameBits<float>(
                one.Parameters[i].Gradient.AsSpan(),
                other.Parameters[i].Gradient.AsSpan(),
                $"the gradient of {one.Parameters[i].Name} through a ReLU and the layer in one pass");
        }
        if (one.Traits.KeepsOutputGradient)
            Expect.SameBits<float>(given, behind.AsSpan(), "the gradient of the output after that pass");
    }

    private static void CheckBytes(LayerSubject subject)
    {
        int batch = subject.Options.Batch, features = subject.Input.Count;
        RandomStream random = subject.Noise.Derive("bytes").Open();
        byte[] bytes = new byte[batch * features];
        foreach (ref byte value in bytes.AsSpan())
            value = (byte)random.NextIndex(256);

        // Rows in another order than they stand in, and factors of every feature's own.
        int[] starts = [.. Enumerable.Range(0, batch).Select(row => (batch - 1 - row) * features)];
        float[] scale = [.. Enumerable.Range(0, features).Select(j => 0.01f + (0.01f * j / features))];
        float[] offset = [.. Enumerable.Range(0, features).Select(j => (float)Math.Sin(j))];
        var numbers = new Matrix<float>(batch, features);
        for (int row = 0; row < batch; row++)
        {
            for (int j = 0; j < features; j++)
                numbers[row, j] = float.FusedMultiplyAdd(bytes[starts[row] + j], scale[j], offset[j]);
        }
        Model<float> expected = subject.Build<float>(), found = subject.Build<float>();
        Expect.SameBits(
            Run(expected, numbers), Run(found, new ByteRows<float>(bytes, starts, scale, offset)), "the outputs of examples in bytes");
        for (int i = 0; i < expected.Parameters.Count; i++)
        {
            Expect.SameBits<float>(
                expected.Parameters[i].Gradient.AsSpan(),
                found.Parameters[i].Gradient.AsSpan(),
                $"the gradient of {expected.Parameters[i].Name} of examples in bytes");
        }

        float[] Run(Model<float> model, LayerInput<float> examples)
        {
            ModelWorkspace<float> workspace = model.CreateWorkspace(batch, RunMode.Training);
            workspace.SetNoise(subject.Noise);
            float[] outputs = workspace.Forward(examples).AsSpan().ToArray();
            Derivatives(subject, model.OutputShape).AsSpan().CopyTo(workspace.OutputGradient.AsSpan());
            workspace.Backward(examples);
            return outputs;
        }
    }

    private static LayerWorkspace<float> Workspace(LayerSubject subject, LayerRuntime<float> runtime, RunMode mode, int? capacity = null)
    {
        LayerWorkspace<float> workspace = runtime.CreateWorkspace(capacity ?? subject.Options.Batch, mode, WorkerPool.Single);
        workspace.SetNoise(subject.Noise);
        return workspace;
    }

    // The gradient of the outputs that LayerPass goes back from.
    private static Matrix<float> Derivatives(LayerSubject subject, Shape output) =>
        subject.Draw<float>("derivatives", subject.Options.Batch, output.Count);

    private static float[] Forward(LayerSubject subject, LayerRuntime<float> runtime, RunMode mode, Matrix<float> input)
    {
        Matrix<float> output = Numbers.Filled(input.Rows, runtime.OutputShape.Count, float.NaN);
        runtime.Forward(input, output, Workspace(subject, runtime, mode, input.Rows));
        return output.AsSpan().ToArray();
    }

    private static float[] Relu(Matrix<float> input) => new Relu().Build<float>(input.Columns, 1).Predict(input).AsSpan().ToArray();
}
