using System.Runtime.CompilerServices;

namespace DeepLearn.Search.Stores;

/// <summary>
/// Lines of a journal that stand in one buffer. Each is checked and decoded by itself, so many of them are on all processors; what they say
/// is taken in their order.
/// </summary>
internal sealed class JournalLines
{
    private const int Few = 200;

    private readonly List<(int Start, int Length)> _places = [];
    private readonly JournalDecoder[] _decoders = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new JournalDecoder())];
    private JournalReading[] _readings = [];

    /// <summary>How many lines there are.</summary>
    public int Count => _places.Count;

    /// <summary>Where a line stands in the buffer.</summary>
    public (int Start, int Length) PlaceOf(int index) => _places[index];

    /// <summary>What a line says.</summary>
    public JournalReading this[int index] => _readings[index];

    /// <summary>Finds the lines that have an end, and looks at them.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="filled">How many there are.</param>
    /// <returns>Where the last of the lines ends.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Read(byte[] buffer, int filled)
    {
        _places.Clear();
        int start = 0;
        while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is int length and >= 0)
        {
            _places.Add((start, length));
            start += length + 1;
        }
        if (_readings.Length < Count)
            _readings = new JournalReading[Math.Max(Count, 2 * _readings.Length)];
        if (Count < Few || _decoders.Length == 1)
            Read(buffer, 0, Count, _decoders[0]);
        else
            Parallel.For(0, _decoders.Length, part => Read(buffer, PartFrom(part), PartFrom(part + 1), _decoders[part]));
        return start;
    }

    private int PartFrom(int part) => (int)((long)Count * part / _decoders.Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(byte[] buffer, int from, int to, JournalDecoder decoder)
    {
        for (int i = from; i < to; i++)
            _readings[i] = JournalLine.Read(decoder, buffer.AsSpan(_places[i].Start, _places[i].Length));
    }
}
