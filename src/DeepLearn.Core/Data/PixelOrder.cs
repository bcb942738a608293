namespace DeepLearn.Data;

/// <summary>The order in which the numbers of an image stand in an example.</summary>
public enum PixelOrder
{
    /// <summary>All channels of a pixel together, <c>[height, width, channels]</c>: the order that convolutions work in.</summary>
    ChannelsLast,

    /// <summary>One whole plane after another, <c>[channels, height, width]</c>: the order of CIFAR's binary files.</summary>
    Planar,
}
