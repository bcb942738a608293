namespace DeepLearn.Onnx;

/// <summary>
/// The weights of a convolution in the two orders: here <c>[kernel row, kernel column, channel, filter]</c>, in ONNX <c>[filter, channel,
/// kernel row, kernel column]</c>, the channels being those of one group.
/// </summary>
internal static class ConvolutionWeights
{
    /// <summary>From the library's order to ONNX's.</summary>
    public static TElement[] ToOnnx<TElement>(ReadOnlySpan<TElement> weights, int channels, int filters)
    {
        var turned = new TElement[weights.Length];
        int taps = weights.Length / (channels * filters);
        for (int filter = 0; filter < filters; filter++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                for (int tap = 0; tap < taps; tap++)
                    turned[(((filter * channels) + channel) * taps) + tap] = weights[(((tap * channels) + channel) * filters) + filter];
            }
        }
        return turned;
    }

    /// <summary>From ONNX's order to the library's.</summary>
    public static TElement[] FromOnnx<TElement>(ReadOnlySpan<TElement> weights, int channels, int filters)
    {
        var turned = new TElement[weights.Length];
        int taps = weights.Length / (channels * filters);
        for (int tap = 0; tap < taps; tap++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                for (int filter = 0; filter < filters; filter++)
                    turned[(((tap * channels) + channel) * filters) + filter] = weights[(((filter * channels) + channel) * taps) + tap];
            }
        }
        return turned;
    }
}
