using System.Numerics;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>The initial values of a parameter. An immutable value.</summary>
/// <example><code>
/// // An initializer of your own: one size, and a sign at random.
/// sealed record Signs(double Size) : Initializer
/// {
///     public override void Fill&lt;T&gt;(int fanIn, int fanOut, RandomKey key, MatrixView&lt;T&gt; destination)
///     {
///         RandomStream random = key.Open();
///         for (int row = 0; row &lt; destination.Rows; row++)
///         {
///             foreach (ref T element in destination.Row(row))
///                 element = T.CreateChecked(random.NextUniform() &lt; 0.5 ? -Size : Size);
///         }
///     }
/// }
/// </code></example>
public abstract record Initializer
{
    /// <summary>Chosen by what follows: see <see cref="AutomaticInitializer"/>.</summary>
    public static AutomaticInitializer Automatic { get; } = new();

    /// <summary>Fills a parameter.</summary>
    /// <remarks>The numbers are drawn in double and rounded, so that a model at float begins where the same model at double does.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="fanIn">The number of inputs that one output sums over.</param>
    /// <param name="fanOut">The number of outputs that one input reaches.</param>
    /// <param name="key">The name of the random numbers to use.</param>
    /// <param name="destination">The parameter's value, all of which is written.</param>
    public abstract void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Fills the weights of a convolution, whose rows are in the order of a patch: kernel row, kernel column, channel. By default as <see
    /// cref="Fill"/>, which knows of no patches.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="height">The kernel's height, at least 1.</param>
    /// <param name="width">The kernel's width, at least 1.</param>
    /// <param name="groups">The number of groups that channels and filters are divided into, at least 1.</param>
    /// <param name="key">The name of the random numbers to use.</param>
    /// <param name="destination">
    /// The weights, <c>[height * width * channels / groups, filters]</c>, all of which are written.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public virtual void FillKernel<T>(int height, int width, int groups, RandomKey key, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        Fill(destination.Rows, height * width * (destination.Columns / groups), key, destination);
    }

    /// <summary>The type of the value, which equality compares first: that of the object, in languages that have no records too.</summary>
    protected virtual Type EqualityContract => GetType();

    /// <summary>The type and its options; a record of yours prints its properties.</summary>
    public override string ToString() => PartText.Describe(this, PrintMembers);

    /// <summary>Writes what the value was made of, without what follows from that: by default nothing.</summary>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return PartText.AppendType(this, builder);
    }
}
