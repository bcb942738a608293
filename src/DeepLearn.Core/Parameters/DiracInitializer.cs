using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>
/// Begins as the identity, as far as there are outputs for the inputs: filter f of a convolution passes on channel f of its group, by a 1
/// in the middle of its kernel, and a dense layer's unit f passes on input f (Zagoruyko and Komodakis, "DiracNets", 2017). Filters beyond
/// the channels begin as <see cref="Others"/> says.
/// </summary>
/// <remarks>
/// The middle of a kernel of even extent is the element behind the middle, as in PyTorch's <c>dirac_</c>, which sets the other filters to
/// 0. A deep network of such layers begins by passing its input on, so that no signal is lost on the way. Jordan's CIFAR-10 record of 2024
/// uses it.
/// </remarks>
/// <example><code>
/// // The convolution begins as the identity.
/// var layer = new Convolution2D(16, 3) { Padding = Padding2D.Same, Weights = new DiracInitializer() };
/// </code></example>
public sealed record DiracInitializer : Initializer
{
    /// <summary>
    /// How filters begin for which there is no channel, and of which there are none where the outputs are no more than the inputs. Default:
    /// <see cref="Initializer.Automatic"/>.
    /// </summary>
    public Initializer Others { get; init => field = PropertyGuard.NotNull(value); } = Automatic;

    /// <inheritdoc/>
    public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination)
    {
        Others.Fill(fanIn, fanOut, key, destination);
        SetIdentity(1, 1, 1, destination);
    }

    /// <inheritdoc/>
    public override void FillKernel<T>(int height, int width, int groups, RandomKey key, MatrixView<T> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if ((long)height * width > destination.Rows || groups > destination.Columns)
        {
            throw new ArgumentException(
                $"Weights of a kernel of {height} x {width} in {groups} groups have at least {(long)height * width} rows and {groups} "
                + $"columns; found {destination.Rows} and {destination.Columns}.", nameof(destination));
        }
        Others.FillKernel(height, width, groups, key, destination);
        SetIdentity(height, width, groups, destination);
    }

    private static void SetIdentity<T>(int height, int width, int groups, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int channels = destination.Rows / (height * width), filters = destination.Columns / groups;
        int middle = ((height / 2 * width) + (width / 2)) * channels;
        for (int row = 0; row < destination.Rows; row++)
        {
            for (int group = 0; group < groups; group++)
                destination.Row(row).Slice(group * filters, Math.Min(channels, filters)).Clear();
        }
        for (int column = 0; column < destination.Columns; column++)
        {
            if (column % filters < channels)
                destination[middle + (column % filters), column] = T.One;
        }
    }
}
