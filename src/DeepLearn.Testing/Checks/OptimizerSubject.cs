using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;

namespace DeepLearn.Testing.Checks;

/// <summary>An optimizer, and the parameters and gradients that it is tried on.</summary>
internal sealed record OptimizerSubject(Optimizer Optimizer, OptimizerContractOptions Options)
{
    /// <summary>Some penalties on weights, none on biases.</summary>
    public static PenaltyGradient[] Penalties { get; } = [new(0.03, 0.02), default, new(0.1, 0.3)];

    public static PenaltyGradient[] NoPenalties { get; } = new PenaltyGradient[3];

    /// <summary>Parameters of small shapes; their numbers of elements are such that no vector divides them.</summary>
    public Parameter<T>[] Parameters<T>(string purpose = "values")
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fill<T>(
        purpose,
        new("dense1/weights", ParameterRole.Weights, 7, 5),
        new("dense1/biases", ParameterRole.Biases, 1, 5),
        new("dense2/weights", ParameterRole.Weights, 5, 21));

    /// <summary>Parameters of the same names, of which one is large enough for threads to share.</summary>
    public Parameter<T>[] LargeParameters<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fill<T>(
        "values",
        new("dense1/weights", ParameterRole.Weights, 301, 211),
        new("dense1/biases", ParameterRole.Biases, 1, 211),
        new("dense2/weights", ParameterRole.Weights, 211, 3));

    /// <summary>Gradients of a step, evenly from -1 to 1.</summary>
    public void FillGradients<T>(IReadOnlyList<Parameter<T>> parameters, long step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomStream random = Options.Key.Derive("gradients").Derive(step).Open();
        foreach (Parameter<T> parameter in parameters)
        {
            foreach (ref T element in parameter.Gradient.AsSpan())
                element = T.CreateChecked((float)((2 * random.NextUniform()) - 1));
        }
    }

    /// <summary>Makes steps with new gradients each.</summary>
    public void Run<T>(OptimizerRuntime<T> runtime, int first, int count, PenaltyGradient[]? penalties = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int step = first; step < first + count; step++)
        {
            FillGradients(runtime.Parameters, step);
            runtime.Step(Options.Rate, penalties ?? Penalties, step);
        }
    }

    /// <summary>The values of parameters of a fresh runtime after some steps.</summary>
    public T[] Train<T>(int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Parameter<T>[] parameters = Parameters<T>();
        Run(Optimizer.CreateRuntime(parameters), 0, steps);
        return Values(parameters);
    }

    public static T[] Values<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. parameters.SelectMany(parameter => parameter.Value.AsSpan().ToArray())];

    private Parameter<T>[] Fill<T>(string purpose, params Parameter<T>[] parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomStream random = Options.Key.Derive(purpose).Open();
        foreach (Parameter<T> parameter in parameters)
        {
            foreach (ref T value in parameter.Value.AsSpan())
                value = T.CreateChecked((float)((2 * random.NextUniform()) - 1));
        }
        return parameters;
    }
}
