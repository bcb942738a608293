namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Results along one axis that read the padded source through the same taps: for each tap, the result at <c>first + step * i</c> reads the
/// source at <c>i * sourceStep + offset</c>.
/// </summary>
/// <param name="First">The first result.</param>
/// <param name="Step">The distance between results.</param>
/// <param name="Count">The number of results.</param>
/// <param name="SourceStep">How far the source moves from one result to the next.</param>
/// <param name="Taps">The taps, and where each reads in the padded source for the first result, in ascending order of the source.</param>
internal sealed record AxisPhase(int First, int Step, int Count, int SourceStep, (int Tap, int Offset)[] Taps)
{
    /// <summary>The results that a tap gives something other than padding: from the first to before the end.</summary>
    /// <param name="tap">The position of the tap among <see cref="Taps"/>.</param>
    /// <param name="before">The zeros before the source.</param>
    /// <param name="extent">The extent of the source without them.</param>
    public (int First, int End) Inside(int tap, int before, int extent)
    {
        int offset = Taps[tap].Offset - before;
        int first = offset >= 0 ? 0 : (-offset + SourceStep - 1) / SourceStep;
        int end = offset >= extent ? 0 : ((extent - 1 - offset) / SourceStep) + 1;
        return (Math.Min(first, Count), Math.Clamp(end, 0, Count));
    }

    /// <summary>The results divided into ranges that each see the same taps within the source, in order.</summary>
    /// <param name="before">The zeros before the source.</param>
    /// <param name="extent">The extent of the source without them.</param>
    public IEnumerable<AxisRange> Ranges(int before, int extent)
    {
        (int First, int End)[] inside = [.. Enumerable.Range(0, Taps.Length).Select(tap => Inside(tap, before, extent))];
        int[] bounds = [.. inside.SelectMany(range => new[] { range.First, range.End }).Append(0).Append(Count).Distinct().Order()];
        for (int i = 0; i + 1 < bounds.Length; i++)
        {
            int first = bounds[i], end = bounds[i + 1];
            yield return new(first, end - first, [.. from tap in Enumerable.Range(0, Taps.Length)
                                                     where inside[tap].First <= first && inside[tap].End >= end
                                                     select (tap, Taps[tap].Offset - before)]);
        }
    }
}

/// <summary>Results along one axis that see the same taps within the source.</summary>
/// <param name="First">The first, in the order of the phase.</param>
/// <param name="Count">How many.</param>
/// <param name="Taps">
/// The taps, as positions among those of the phase, and where each reads in the source without padding for the phase's first result.
/// </param>
internal sealed record AxisRange(int First, int Count, (int Tap, int Offset)[] Taps);

/// <summary>
/// How the results of a convolution read its source along one axis: the extent of the padded source, and the phases into which the results
/// fall.
/// </summary>
/// <param name="Extent">The extent of the source.</param>
/// <param name="Before">The zeros before it.</param>
/// <param name="After">The zeros after it.</param>
/// <param name="Phases">The phases; together they cover every result once.</param>
internal sealed record AxisPlan(int Extent, int Before, int After, AxisPhase[] Phases)
{
    /// <summary>The extent of the source with its zeros.</summary>
    public int Padded => Before + Extent + After;

    /// <summary>The plan for outputs, which gather from inputs. All outputs are one phase.</summary>
    public static AxisPlan Forward(WindowAxis axis)
    {
        var taps = new (int, int)[axis.Kernel];
        for (int tap = 0; tap < axis.Kernel; tap++)
            taps[tap] = (tap, tap * axis.Dilation);
        int reach = ((axis.Output - 1) * axis.Stride) + axis.Span;
        int after = Math.Max(0, reach - axis.Before - axis.Input);
        return new(axis.Input, axis.Before, after, [new(0, 1, axis.Output, axis.Stride, taps)]);
    }

    /// <summary>
    /// The plan for gradients of inputs, which gather from gradients of outputs. Inputs whose indices are equal modulo the stride are
    /// reached through the same taps; they form one phase, along which the source moves by one.
    /// </summary>
    public static AxisPlan Backward(WindowAxis axis)
    {
        int least = 0, beyond = 0;
        var found = new List<AxisPhase>();
        for (int phase = 0; phase < Math.Min(axis.Stride, axis.Input); phase++)
        {
            int count = (axis.Input - phase + axis.Stride - 1) / axis.Stride;
            var taps = new List<(int Tap, int Offset)>();
            for (int tap = axis.Kernel - 1; tap >= 0; tap--)
            {
                int distance = phase + axis.Before - (tap * axis.Dilation);
                if (distance % axis.Stride != 0)
                    continue;
                int offset = distance / axis.Stride;
                taps.Add((tap, offset));
                least = Math.Min(least, offset);
                beyond = Math.Max(beyond, offset + count - axis.Output);
            }
            found.Add(new(phase, axis.Stride, count, 1, [.. taps]));
        }
        var phases = new AxisPhase[found.Count];
        for (int i = 0; i < phases.Length; i++)
            phases[i] = found[i] with { Taps = [.. found[i].Taps.Select(tap => (tap.Tap, tap.Offset - least))] };
        return new(axis.Output, -least, beyond, phases);
    }
}
