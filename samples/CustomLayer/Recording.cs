using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>
/// A data set of our own: windows on one long recording of bytes, which overlap, so that to store them would take many times the memory. It
/// says that it holds bytes, and where: a first layer that reads bytes then reads them there, without a copy.
/// </summary>
/// <param name="recording">The recording, a byte for each moment.</param>
/// <param name="labels">The class of the window that begins at each multiple of <see cref="Step"/>.</param>
internal sealed class Recording(byte[] recording, int[] labels)
    : Dataset(labels.Length, new DatasetDescription(new Shape(Window)) { Classes = 2 }, labels)
{
    private const int Window = 64;
    private const int Step = 3;

    /// <summary>As many classes as tones: which of the two sounds in the middle of the window.</summary>
    private static readonly double[] Tones = [0.31, 0.37];

    public override bool HoldsBytes => true;

    /// <summary>Two tones that take turns, under noise.</summary>
    /// <param name="windows">The number of windows.</param>
    /// <param name="seed">Equal seeds make equal recordings.</param>
    public static Recording Make(int windows, ulong seed)
    {
        RandomStream random = RandomKey.FromSeed(seed).Derive("recording").Open();
        var bytes = new byte[((windows - 1) * Step) + Window];
        var tones = new int[bytes.Length];
        int tone = 0;
        double phase = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i % 200 == 0)
                tone = random.NextIndex(Tones.Length);
            tones[i] = tone;
            phase += Tones[tone];
            bytes[i] = (byte)(128 + (60 * VectorMath.Sin(phase)) + (80 * (random.NextUniform() - 0.5)));
        }
        return new(bytes, [.. Enumerable.Range(0, windows).Select(window => tones[(window * Step) + (Window / 2)])]);
    }

    protected override ReadOnlyMemory<byte> BytesCore(int index) => recording.AsMemory(index * Step, Window);
}
