namespace DeepLearn.Images;

/// <summary>
/// Resizes images with a triangle filter, first along rows, then along columns, in whole numbers with 22 bits after the point: the bytes of
/// Pillow's <c>BILINEAR</c>.
/// </summary>
internal static class Resizing
{
    private const int Bits = 22;

    public static Pixels Resize(Pixels image, int height, int width)
    {
        if (width > image.Width && height < image.Height)
            return WidenAndShorten(image, height, width);
        if (width != image.Width)
        {
            var across = new Pixels(image.Height, width, image.Channels, new byte[(long)image.Height * width * image.Channels]);
            Weights weights = Weights.Between(image.Width, width);
            for (int row = 0; row < image.Height; row++)
                AlongRow(image, row, across, row, weights);
            image = across;
        }
        if (height == image.Height)
            return image;
        var down = new Pixels(height, image.Width, image.Channels, new byte[(long)height * image.Width * image.Channels]);
        Weights rows = Weights.Between(image.Height, height);
        for (int row = 0; row < height; row++)
            AcrossRows(image, down, row, rows);
        return down;
    }

    /// <summary>
    /// The same, each row as it comes: an image that becomes wider before it becomes shorter would in between be larger than both, without
    /// end.
    /// </summary>
    private static Pixels WidenAndShorten(Pixels image, int height, int width)
    {
        int line = width * image.Channels;
        var resized = new Pixels(height, width, image.Channels, new byte[(long)height * line]);
        Weights columns = Weights.Between(image.Width, width), rows = Weights.Between(image.Height, height);
        var across = new Pixels(1, width, image.Channels, new byte[line]);

        // The sums of the new rows that are under way, of which the first is number done.
        var sums = new Queue<int[]>();
        int done = 0;
        for (int row = 0; row < image.Height; row++)
        {
            while (done + sums.Count < height && rows.FirstOf(done + sums.Count) <= row)
                sums.Enqueue([.. Enumerable.Repeat(1 << (Bits - 1), line)]);
            AlongRow(image, row, across, 0, columns);
            int to = done;
            foreach (int[] sum in sums)
            {
                ReadOnlySpan<int> some = rows.Of(to++, out int first);
                for (int i = 0; i < line; i++)
                    sum[i] += across.Bytes[i] * some[row - first];
            }
            while (sums.Count > 0 && row == rows.FirstOf(done) + rows.Of(done, out _).Length - 1)
            {
                int[] whole = sums.Dequeue();
                for (int i = 0; i < line; i++)
                    resized.Bytes[(done * line) + i] = Clip(whole[i]);
                done++;
            }
        }
        return resized;
    }

    private static void AlongRow(Pixels from, int fromRow, Pixels to, int toRow, Weights weights)
    {
        int channels = from.Channels;
        ReadOnlySpan<byte> source = from.Bytes.AsSpan(fromRow * from.Width * channels, from.Width * channels);
        Span<byte> destination = to.Bytes.AsSpan(toRow * to.Width * channels, to.Width * channels);
        for (int column = 0; column < to.Width; column++)
        {
            ReadOnlySpan<int> some = weights.Of(column, out int first);
            for (int channel = 0; channel < channels; channel++)
            {
                int sum = 1 << (Bits - 1), at = (first * channels) + channel;
                foreach (int weight in some)
                {
                    sum += source[at] * weight;
                    at += channels;
                }
                destination[(column * channels) + channel] = Clip(sum);
            }
        }
    }

    private static void AcrossRows(Pixels from, Pixels to, int row, Weights weights)
    {
        int line = from.Width * from.Channels;
        ReadOnlySpan<int> some = weights.Of(row, out int first);
        Span<byte> destination = to.Bytes.AsSpan(row * line, line);
        for (int i = 0; i < line; i++)
        {
            int sum = 1 << (Bits - 1), at = (first * line) + i;
            foreach (int weight in some)
            {
                sum += from.Bytes[at] * weight;
                at += line;
            }
            destination[i] = Clip(sum);
        }
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> Bits, 0, 255);

    /// <summary>Of each new pixel, the first old one that it is made of, and the weights of those that follow.</summary>
    private sealed class Weights(int most, int[] firsts, int[] counts, int[] values)
    {
        public int FirstOf(int index) => firsts[index];

        public ReadOnlySpan<int> Of(int index, out int first)
        {
            first = firsts[index];
            return values.AsSpan(index * most, counts[index]);
        }

        public static Weights Between(int from, int to)
        {
            double scale = (double)from / to, reach = Math.Max(scale, 1);
            int most = ((int)Math.Ceiling(reach) * 2) + 1;
            int[] firsts = new int[to], counts = new int[to], values = new int[to * most];
            var exact = new double[most];
            for (int i = 0; i < to; i++)
            {
                double center = (i + 0.5) * scale, total = 0;
                int first = Math.Max((int)(center - reach + 0.5), 0);
                int count = Math.Min((int)(center + reach + 0.5), from) - first;
                for (int j = 0; j < count; j++)
                {
                    double distance = Math.Abs((j + first - center + 0.5) * (1 / reach));
                    exact[j] = distance < 1 ? 1 - distance : 0;
                    total += exact[j];
                }
                (firsts[i], counts[i]) = (first, count);
                for (int j = 0; j < count; j++)
                    values[(i * most) + j] = (int)(0.5 + (exact[j] / total * (1 << Bits)));
            }
            return new(most, firsts, counts, values);
        }
    }
}
