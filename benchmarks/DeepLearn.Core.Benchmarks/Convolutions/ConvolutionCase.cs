using DeepLearn.Kernels.Convolution;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>A convolution of square images to be measured, padded so that with stride 1 the outputs have the size of the images.</summary>
/// <param name="Image">The side of an image.</param>
/// <param name="Channels">The channels of the input.</param>
/// <param name="Filters">The channels of the output.</param>
/// <param name="Kernel">The side of the kernel.</param>
/// <param name="Stride">The stride.</param>
/// <param name="Groups">The groups.</param>
/// <param name="Batch">The number of images.</param>
internal sealed record ConvolutionCase(int Image, int Channels, int Filters, int Kernel, int Stride, int Groups, int Batch)
{
    /// <summary>
    /// The cases: 3x3 convolutions from large images with few channels to small images with many, and other kinds of layers.
    /// </summary>
    public static IReadOnlyList<ConvolutionCase> All { get; } =
    [
        new(32, 64, 128, 3, 1, 1, 64),
        new(16, 128, 256, 3, 1, 1, 64),
        new(8, 256, 512, 3, 1, 1, 64),
        new(4, 512, 512, 3, 1, 1, 64),
        new(4, 128, 128, 3, 1, 1, 64),
        new(16, 32, 32, 3, 1, 1, 64),
        new(32, 16, 16, 3, 1, 1, 128),
        new(16, 128, 256, 3, 1, 1, 1),
        new(16, 128, 256, 3, 1, 1, 8),
        new(16, 128, 256, 3, 1, 1, 128),
        new(4, 512, 512, 3, 1, 1, 1),
        new(16, 128, 256, 1, 1, 1, 64),
        new(8, 512, 512, 1, 1, 1, 64),
        new(16, 64, 64, 1, 1, 1, 1),
        new(32, 64, 128, 1, 2, 1, 64),
        new(32, 64, 128, 3, 2, 1, 64),
        new(16, 64, 64, 5, 1, 1, 64),
        new(32, 3, 64, 3, 1, 1, 64),
        new(64, 3, 64, 7, 2, 1, 16),
        new(32, 64, 64, 3, 1, 64, 64),
        new(16, 256, 256, 3, 1, 256, 64),
        new(8, 256, 256, 5, 1, 256, 64),
    ];

    /// <summary>The padding before and after each axis.</summary>
    public int Padding => (Kernel - 1) / 2;

    /// <summary>The shape.</summary>
    public ConvolutionGeometry Geometry => new(Axis, Axis, Channels, Filters, Groups);

    /// <summary>
    /// The floating-point operations of each pass: two for each term whose input is within the image, whatever the algorithm really
    /// computes.
    /// </summary>
    public double Flops
    {
        get
        {
            double seen = 0;
            for (int output = 0; output < Axis.Output; output++)
            {
                for (int tap = 0; tap < Kernel; tap++)
                {
                    int input = (output * Stride) - Padding + tap;
                    seen += input >= 0 && input < Image ? 1 : 0;
                }
            }
            return 2 * seen * seen * Channels / Groups * Filters * Batch;
        }
    }

    private WindowAxis Axis => new(Image, Kernel, Stride, 1, Padding, Padding);

    /// <summary>The description, for filters and tables.</summary>
    public override string ToString()
    {
        string kind = Groups == 1 ? "" : Groups == Channels ? " depthwise" : $" groups {Groups}";
        return $"{Image}x{Image} {Channels}-{Filters} {Kernel}x{Kernel}{(Stride == 1 ? "" : $" stride {Stride}")}{kind} batch {Batch}";
    }
}
