using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Testing.Checks;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="Optimizer"/> and its runtime promise, checked on one of them.</summary>
/// <remarks>What a runtime can do besides, such as <see cref="IPenaltyFusingOptimizer{T}"/>, is asked of it where it says so.</remarks>
/// <example><code>OptimizerContract.Check(new SignDescent(), new() { MinimizingRate = 0.02 }).ThrowIfFailed();</code></example>
public static class OptimizerContract
{
    private const int Steps = 10;
    private const double Tolerance = 1e-12;

    /// <summary>Checks an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="options">What is known of it; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    public static ContractReport Check(Optimizer optimizer, OptimizerContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        options ??= new();
        var subject = new OptimizerSubject(optimizer, options);
        OptimizerRuntime<double>? runtime = CheckList.Try(() => optimizer.CreateRuntime(subject.Parameters<double>()));
        var checks = new CheckList(nameof(OptimizerContract), optimizer);
        ValueChecks.Add(checks, optimizer, optimizer with { });
        checks.Add("the runtime is for the parameters given", () => CheckParameters(subject));
        checks.AddIf(options.MinimizingRate is not null, "the options do not say a rate", "a convex cost falls", () => CheckCost(subject));
        checks.Add("float follows double", () => Expect.Near<float>(
            subject.Train<double>(Steps), subject.Train<float>(Steps), options.FloatTolerance,
            $"the parameters at float after {Steps} steps"));
        checks.Add("a step is a function of parameters, gradients, state and arguments", () => CheckPurity(subject));
        checks.Add("it goes on from its state to the same bits", () => CheckResuming(subject));
        checks.Add("the state is named and shaped as the parameters", () => CheckState(subject));
        checks.Add("the update of a parameter is its own affair", () => CheckIndependence(subject));
        checks.AddIf(
            runtime is IPenaltyFusingOptimizer<double>,
            "it does not fuse penalties",
            "a fused penalty is one that is added to the gradient",
            () => CheckFusion(subject));
        checks.AddIf(
            runtime is IAccumulatingOptimizer<double>,
            "its step is not one of two factors",
            "a step of two factors is the update",
            () => CheckFactors(subject));
        checks.AddIf(
            runtime is not null && Enumerable.Range(0, runtime.Parameters.Count).Any(index => !runtime.Updates(index)),
            "it updates every parameter",
            "a parameter that it does not update stays as it is",
            () => CheckFrozen(subject));
        checks.Add("threads change no bit", () => CheckThreads(subject));
        checks.Add("a NaN in the gradient reaches the parameter", () => CheckNaN(subject));
        checks.Add("a step allocates nothing", () =>
        {
            OptimizerRuntime<float> single = optimizer.CreateRuntime(subject.Parameters<float>());
            subject.FillGradients(single.Parameters, 0);
            long step = 0;
            Allocations.ExpectNone(() => single.Step(options.Rate, OptimizerSubject.Penalties, step++), "a step");
        });
        return checks.ToReport();
    }

    private static void CheckParameters(OptimizerSubject subject)
    {
        Parameter<float>[] parameters = subject.Parameters<float>();
        float[] before = OptimizerSubject.Values(parameters);
        OptimizerRuntime<float> runtime = subject.Optimizer.CreateRuntime(parameters);
        Expect.That(runtime.Parameters.SequenceEqual(parameters), "the parameters given, in their order", "others");
        Expect.SameBits(before, OptimizerSubject.Values(parameters), "the values of the parameters before the first step");
        subject.Run(runtime, 0, 1);
        float[] after = OptimizerSubject.Values(parameters);
        Expect.Finite<float>(after, "the values after a step");
        Expect.That(!before.SequenceEqual(after), "other values after a step", "those before it");
    }

    private static void CheckCost(OptimizerSubject subject)
    {
        const int Steps = 600;
        const double Share = 2e-3;
        Parameter<double>[] parameters = subject.Parameters<double>();
        OptimizerRuntime<double> runtime = subject.Optimizer.CreateRuntime(parameters);
        double first = Cost();
        for (int step = 0; step < Steps; step++)
        {
            Cost();
            runtime.Step(subject.Options.MinimizingRate!.Value * (1 - ((double)step / Steps)), OptimizerSubject.NoPenalties, step);
        }
        double last = Cost();
        Expect.That(last < Share * first, $"a cost below {Share * first:g3}, which was {first:g3} before {Steps} steps", $"{last:g3}");

        // Half the weighted squares of the distances from a target, with curvatures from 1 to 10; its gradient goes to the parameters.
        double Cost()
        {
            double cost = 0;
            foreach (Parameter<double> parameter in parameters)
            {
                Span<double> values = parameter.Value.AsSpan(), gradients = parameter.Gradient.AsSpan();
                for (int j = 0; j < values.Length; j++)
                {
                    double curvature = 1 + (9.0 * j / values.Length), distance = values[j] - Math.Sin(j);
                    cost += 0.5 * curvature * distance * distance;
                    gradients[j] = curvature * distance;
                }
            }
            return cost;
        }
    }

    private static void CheckPurity(OptimizerSubject subject)
    {
        float[] expected = subject.Train<float>(Steps);
        Expect.SameBits(expected, subject.Train<float>(Steps), "the parameters of a second run");
        Expect.SameBits(
            expected, (subject with { Optimizer = subject.Optimizer with { } }).Train<float>(Steps),
            "the parameters by an equal optimizer");
        Concurrently.ExpectSame(
            expected, () => subject.Train<float>(Steps), (one, other) => Expect.SameBits(
                one, other, "the parameters of runs of their own"));
    }

    private static void CheckResuming(OptimizerSubject subject)
    {
        Parameter<float>[] parameters = subject.Parameters<float>(), others = subject.Parameters<float>("others");
        OptimizerRuntime<float> runtime = subject.Optimizer.CreateRuntime(parameters);
        subject.Run(runtime, 0, Steps);
        OptimizerRuntime<float> resumed = subject.Optimizer.CreateRuntime(others);
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].Value.AsSpan().CopyTo(others[i].Value.AsSpan());
        Expect.Equal(runtime.State.Count, resumed.State.Count, "the number of buffers of a new runtime");
        for (int i = 0; i < runtime.State.Count; i++)
        {
            Expect.Equal(runtime.State[i].Name, resumed.State[i].Name, $"the name of buffer {i} of a new runtime");
            runtime.State[i].Value.AsSpan().CopyTo(resumed.State[i].Value.AsSpan());
        }
        subject.Run(runtime, Steps, Steps);
        subject.Run(resumed, Steps, Steps);
        Expect.SameBits(
            OptimizerSubject.Values(parameters),
            OptimizerSubject.Values(others),
            "the parameters of a runtime that was given values and state of another");
    }

    private static void CheckState(OptimizerSubject subject)
    {
        Parameter<double>[] parameters = subject.Parameters<double>();
        OptimizerRuntime<double> runtime = subject.Optimizer.CreateRuntime(parameters);
        Expect.Equal(runtime.State.Count, runtime.State.Select(buffer => buffer.Name).Distinct().Count(), "the number of different names");
        foreach (StateBuffer<double> buffer in runtime.State)
        {
            Parameter<double>? owner = parameters.SingleOrDefault(parameter => buffer.Name.StartsWith(
                parameter.Name + "/", StringComparison.Ordinal));
            Expect.That(owner is not null, "a name that begins with that of a parameter and a slash", $"\"{buffer.Name}\"");
            Expect.Equal(
                (owner!.Value.Rows, owner.Value.Columns), (buffer.Value.Rows, buffer.Value.Columns), $"the shape of {buffer.Name}");
        }
    }

    // In any order, and without a touch of the others.
    private static void CheckIndependence(OptimizerSubject subject)
    {
        Parameter<float>[] forward = subject.Parameters<float>(), backward = subject.Parameters<float>();
        OptimizerRuntime<float> one = subject.Optimizer.CreateRuntime(forward), other = subject.Optimizer.CreateRuntime(backward);
        for (int step = 0; step < Steps; step++)
        {
            subject.FillGradients(forward, step);
            subject.FillGradients(backward, step);
            one.Step(subject.Options.Rate, OptimizerSubject.Penalties, step);
            other.BeginStep(OptimizerSubject.Penalties, step);
            for (int i = backward.Length - 1; i >= 0; i--)
            {
                float[][] before = [.. backward.Select(parameter => parameter.Value.AsSpan().ToArray())];
                other.UpdateParameter(i, subject.Options.Rate, OptimizerSubject.Penalties[i], step);
                for (int j = 0; j < before.Length; j++)
                {
                    if (j != i)
                        Expect.SameBits<float>(
                            before[j], backward[j].Value.AsSpan(), $"{backward[j].Name} after the update of {backward[i].Name}");
                }
            }
        }
        Expect.SameBits(
            OptimizerSubject.Values(forward), OptimizerSubject.Values(backward), "the parameters, updated from the last to the first");
    }

    private static void CheckFusion(OptimizerSubject subject)
    {
        Parameter<double>[] fused = subject.Parameters<double>(), added = subject.Parameters<double>();
        fused[2].Value.AsSpan()[1] = added[2].Value.AsSpan()[1] = 0;
        OptimizerRuntime<double> one = subject.Optimizer.CreateRuntime(fused), other = subject.Optimizer.CreateRuntime(added);
        for (int step = 0; step < Steps; step++)
        {
            subject.FillGradients(fused, step);
            subject.FillGradients(added, step);
            for (int i = 0; i < added.Length; i++)
                OptimizerSubject.Penalties[i].AddTo<double>(added[i].Value.View, added[i].Gradient.View);
            one.Step(subject.Options.Rate, OptimizerSubject.Penalties, step);
            other.Step(subject.Options.Rate, OptimizerSubject.NoPenalties, step);
        }
        Expect.Near<double>(
            OptimizerSubject.Values(added), OptimizerSubject.Values(fused), Tolerance,
            "the parameters, as with penalties added to the gradients");
    }

    private static void CheckFactors(OptimizerSubject subject)
    {
        Parameter<double>[] parameters = subject.Parameters<double>();
        OptimizerRuntime<double> runtime = subject.Optimizer.CreateRuntime(parameters);
        var accumulating = (IAccumulatingOptimizer<double>)runtime;
        subject.FillGradients(parameters, 0);
        bool any = false;
        for (int i = 0; i < parameters.Length; i++)
        {
            PenaltyGradient whole = OptimizerSubject.Penalties[i];
            foreach (PenaltyGradient penalty in new[] { default, whole with { Sign = 0 }, whole })
            {
                if (!accumulating.TryGetDirectUpdate(i, subject.Options.Rate, penalty, out double scale, out double keep))
                    continue;
                any = true;
                Parameter<double> parameter = parameters[i];
                double[] values = parameter.Value.AsSpan().ToArray(), gradients = parameter.Gradient.AsSpan().ToArray();
                double[] expected = [.. values.Zip(gradients, (value, gradient) => (keep * value) + (scale * gradient))];
                if (runtime is not IPenaltyFusingOptimizer<double>)
                    penalty.AddTo<double>(parameter.Value.View, parameter.Gradient.View);
                runtime.UpdateParameter(i, subject.Options.Rate, penalty, 0);
                gradients.CopyTo(parameter.Gradient.AsSpan());
                Expect.Near<double>(
                    expected,
                    parameter.Value.AsSpan(),
                    Tolerance,
                    $"{parameter.Name} after an update with {penalty}, {keep:R} * value + {scale:R} * gradient");
            }
        }
        Expect.That(any, "two factors for a step without penalties", "none");
    }

    // Nor is its gradient asked for, which would take memory.
    private static void CheckFrozen(OptimizerSubject subject)
    {
        Parameter<float>[] parameters = subject.Parameters<float>();
        float[][] before = [.. parameters.Select(parameter => parameter.Value.AsSpan().ToArray())];
        OptimizerRuntime<float> runtime = subject.Optimizer.CreateRuntime(parameters);
        for (int step = 0; step < Steps; step++)
        {
            subject.FillGradients(parameters.Where((_, i) => runtime.Updates(i)).ToArray(), step);
            runtime.Step(subject.Options.Rate, OptimizerSubject.Penalties, step);
        }
        for (int i = 0; i < parameters.Length; i++)
        {
            if (runtime.Updates(i))
                continue;
            Expect.SameBits<float>(before[i], parameters[i].Value.AsSpan(), $"{parameters[i].Name}, which it says that it does not update");
            Expect.That(!parameters[i].HasGradient, $"no gradient of {parameters[i].Name}, which it does not update", "one");
        }
    }

    private static void CheckThreads(OptimizerSubject subject)
    {
        float[] alone = Train(WorkerPool.Single);
        foreach (int threads in subject.Options.Threads)
        {
            using var workers = new WorkerPool(threads);
            Expect.SameBits(alone, Train(workers), $"a large parameter updated by {threads} threads");
        }

        float[] Train(WorkerPool workers)
        {
            Parameter<float>[] parameters = subject.LargeParameters<float>();
            OptimizerRuntime<float> runtime = subject.Optimizer.CreateRuntime(parameters);
            runtime.Workers = workers;
            subject.Run(runtime, 0, 3);
            return OptimizerSubject.Values(parameters);
        }
    }

    private static void CheckNaN(OptimizerSubject subject)
    {
        Parameter<float>[] parameters = subject.Parameters<float>();
        OptimizerRuntime<float> runtime = subject.Optimizer.CreateRuntime(parameters);
        subject.FillGradients(parameters, 0);
        parameters[0].Gradient[1, 1] = float.NaN;
        runtime.Step(subject.Options.Rate, OptimizerSubject.Penalties, 0);
        float found = parameters[0].Value[1, 1];
        Expect.That(float.IsNaN(found), "NaN in the parameter whose gradient was NaN", $"{found:R}");
    }
}
