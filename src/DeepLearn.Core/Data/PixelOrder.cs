namespace DeepLearn.Data;

/// <summary>The order of the elements of an image in an example.</summary>
public enum PixelOrder
{
    /// <summary>All channels of a pixel together, <c>[height, width, channels]</c> (NHWC): what convolutions take.</summary>
    ChannelsLast,

    /// <summary>One channel after another, <c>[channels, height, width]</c> (NCHW): the order of CIFAR's binary files.</summary>
    Planar,
}
