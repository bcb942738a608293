using System.IO.Enumeration;
using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Parameters;

/// <summary>
/// Which of a model's parameters a penalty or a weight decay applies to. A parameter is chosen by its role and by patterns of names. An
/// immutable value.
/// </summary>
/// <remarks>
/// A pattern is a name in which <c>*</c> stands for any characters and <c>?</c> for one, as in <c>dense1/*</c>; case counts.
/// </remarks>
/// <example><code>
/// // Neither biases nor the scales and shifts of normalizations, and not the last layer.
/// ParameterSelection hidden = ParameterSelection.Weights with { Except = ["dense2/*"] };
/// Console.WriteLine(string.Join(" ", hidden.Choose(model.Parameters)));    // prints True False False False
/// </code></example>
public sealed record ParameterSelection
{
    /// <summary>Weights alone: neither biases nor a normalization's scale and shift. What penalties and decays begin with.</summary>
    public static ParameterSelection Weights { get; } = new();

    /// <summary>Every parameter.</summary>
    public static ParameterSelection All { get; } = new()
    {
        Roles = [ParameterRole.Weights, ParameterRole.Biases, ParameterRole.NormalizationScale, ParameterRole.NormalizationShift],
    };

    /// <summary>The roles that are chosen. Default: weights alone.</summary>
    public ValueList<ParameterRole> Roles { get; init => field = PropertyGuard.NotNull(value); } = [ParameterRole.Weights];

    /// <summary>Patterns of which a name must match one. Default: empty, which lets every name pass.</summary>
    public ValueList<string> Only { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>Patterns of which a name may match none. Default: empty.</summary>
    public ValueList<string> Except { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>Whether a parameter is chosen.</summary>
    /// <param name="role">What it is for.</param>
    /// <param name="name">Its name.</param>
    public bool Includes(ParameterRole role, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool chosen = false;
        foreach (ParameterRole wanted in Roles.AsSpan())
            chosen |= wanted == role;
        return chosen && (Only.Count == 0 || MatchesAny(Only, name)) && !MatchesAny(Except, name);
    }

    /// <summary>Which of a model's parameters are chosen.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters of a model.</param>
    /// <returns>For each parameter, whether it is chosen; an array of the caller's own.</returns>
    /// <exception cref="ArgumentException">A pattern matches no parameter of any role, so that it is a slip of the pen.</exception>
    public bool[] Choose<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter<T> parameter in parameters)
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        foreach (string pattern in Only.Concat(Except))
        {
            if (!parameters.Any(parameter => FileSystemName.MatchesSimpleExpression(pattern, parameter.Name, ignoreCase: false)))
            {
                string names = string.Join(", ", parameters.Select(parameter => parameter.Name));
                throw new ArgumentException($"The pattern {pattern} of a selection matches no parameter; there are {names}.");
            }
        }
        return [.. parameters.Select(parameter => Includes(parameter.Role, parameter.Name))];
    }

    private static bool MatchesAny(ValueList<string> patterns, string name)
    {
        foreach (string pattern in patterns.AsSpan())
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
                return true;
        }
        return false;
    }
}
