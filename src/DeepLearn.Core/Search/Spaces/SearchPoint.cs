using System.Runtime.CompilerServices;
using DeepLearn.Foundation;

namespace DeepLearn.Search.Spaces;

/// <summary>A point of a search space: one value for each named hyper-parameter whose condition is met. An immutable value.</summary>
public sealed record SearchPoint
{
    /// <summary>Makes a point.</summary>
    /// <param name="parameters">The names and values, in the order of the space's dimensions.</param>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public SearchPoint(params NamedValue[] parameters)
        : this(parameters is null ? throw new ArgumentNullException(nameof(parameters)) : parameters.AsSpan())
    {
    }

    /// <summary>Makes a point.</summary>
    /// <param name="parameters">The names and values, in the order of the space's dimensions; they are copied.</param>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SearchPoint(ReadOnlySpan<NamedValue> parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (parameters[j].Name == parameters[i].Name)
                {
                    throw new ArgumentException(
                        $"A point has one value for each name; found \"{parameters[i].Name}\" twice.", nameof(parameters));
                }
            }
        }
        Parameters = ValueList.Create(parameters);
    }

    /// <summary>The names and values, in the order of the space's dimensions.</summary>
    public ValueList<NamedValue> Parameters { get; }

    /// <summary>The value of a hyper-parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public ParameterValue this[string name] =>
        Find(name) ?? throw new ArgumentException(
            $"Expected one of the hyper-parameters {string.Join(", ", Parameters.Select(p => $"\"{p.Name}\""))}; found \"{name}\".",
            nameof(name));

    /// <summary>The value of a numeric hyper-parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    /// <exception cref="InvalidOperationException">Its value is a text.</exception>
    public double Number(string name) => this[name].Number;

    /// <summary>The value of a whole-numbered hyper-parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    /// <exception cref="InvalidOperationException">
    /// Its value is a text, or no whole number within the range of <see cref="int"/>.
    /// </exception>
    public int Integer(string name)
    {
        double number = this[name].Number;
        return number == Math.Floor(number) && number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw new InvalidOperationException($"Expected a whole number for \"{name}\", found {this[name]}.");
    }

    /// <summary>The value of a categorical hyper-parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    /// <exception cref="InvalidOperationException">Its value is a number.</exception>
    public string Choice(string name) => this[name].Text;

    /// <summary>The value of a hyper-parameter in the type of its dimension.</summary>
    /// <typeparam name="TValue">The type.</typeparam>
    /// <param name="dimension">The dimension: its name counts.</param>
    /// <exception cref="ArgumentException">There is none of that name, or its value is of another kind.</exception>
    public TValue Value<TValue>(Dimension<TValue> dimension)
    {
        ArgumentNullException.ThrowIfNull(dimension);
        return dimension.Read(this[dimension.Name]);
    }

    /// <summary>The value of a hyper-parameter; null if the point has none of that name, as where its condition is not met.</summary>
    /// <param name="name">Its name.</param>
    public ParameterValue? Find(string name)
    {
        foreach (NamedValue parameter in Parameters)
        {
            if (parameter.Name == name)
                return parameter.Value;
        }
        return null;
    }

    /// <summary>The names and values, as in <c>lambda = 0.001, activation = relu</c>.</summary>
    public override string ToString() => string.Join(", ", Parameters);
}
