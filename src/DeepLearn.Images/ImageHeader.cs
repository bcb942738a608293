using System.Buffers.Binary;

namespace DeepLearn.Images;

/// <summary>What the first bytes of an image file say.</summary>
/// <param name="Height">The rows.</param>
/// <param name="Width">The columns.</param>
/// <param name="IsJpeg">Whether it is a JPEG; otherwise a PNG.</param>
/// <param name="LeastBitsPerPixel">The bits that a pixel takes before compression.</param>
/// <param name="Orientation">The Exif orientation, from 1 to 8; 1 where there is none.</param>
internal readonly record struct ImageHeader(int Height, int Width, bool IsJpeg, int LeastBitsPerPixel, int Orientation)
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static ImageHeader Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.StartsWith(PngSignature))
            return ReadPng(file, name);
        if (file is [0xFF, 0xD8, 0xFF, ..])
            return ReadJpeg(file, name);
        if (file.IsEmpty)
            throw new InvalidDataException($"{name}: expected PNG or JPEG; found an empty file.");
        string found = file switch
        {
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "GIF",
            [(byte)'B', (byte)'M', ..] => "BMP",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "WebP",
            [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "TIFF",
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "HEIF, AVIF or a film",
            _ => $"another file (0x{Convert.ToHexString(file[..Math.Min(4, file.Length)])})",
        };
        throw new InvalidDataException($"{name}: expected PNG or JPEG; found {found}, as its first bytes say.");
    }

    private static ImageHeader ReadPng(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < 33 || !file[12..16].SequenceEqual("IHDR"u8))
            throw new InvalidDataException($"{name} is cut short or damaged: expected the header of a PNG at byte 8.");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        if (width > int.MaxValue || height > int.MaxValue)
            throw new InvalidDataException($"{name}: expected an image; found {height}x{width} pixels.");
        CheckChunks(file, name);
        int channels = file[25] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        return new((int)height, (int)width, IsJpeg: false, Math.Max(1, file[24] * channels), Orientation: 1);
    }

    // The decoder takes memory for what a chunk announces.
    private static void CheckChunks(ReadOnlySpan<byte> file, string name)
    {
        const int Frame = 12;
        long at = 8;
        while (at + Frame <= file.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]);
            if (length > file.Length - at - Frame)
            {
                throw new InvalidDataException(
                    $"{name} is cut short: expected a chunk of {length} bytes at byte {at}; the file has {file.Length - at - Frame} "
                    + "there.");
            }
            if (file[((int)at + 4)..].StartsWith("IEND"u8))
                return;
            at += Frame + length;
        }
        throw new InvalidDataException($"{name} is cut short: expected a chunk at byte {at}; the file ends at {file.Length}.");
    }

    private static ImageHeader ReadJpeg(ReadOnlySpan<byte> file, string name)
    {
        int at = 2, orientation = 1;
        while (at + 4 <= file.Length)
        {
            if (file[at] != 0xFF)
                throw new InvalidDataException($"{name} is damaged: expected a marker at byte {at}; found {file[at]:X2}.");
            byte marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            ReadOnlySpan<byte> segment = file[(at + 4)..Math.Min(at + 2 + Math.Max(length, 2), file.Length)];

            // SOF0 to SOF15 without DHT, JPG and DAC.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (segment.Length < 6)
                    break;
                int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
                return new(height, width, IsJpeg: true, LeastBitsPerPixel: 1, orientation);
            }
            if (marker is 0xDA or 0xD9)
                break;
            if (marker == 0xE1 && segment.StartsWith("Exif\0\0"u8))
                orientation = ReadOrientation(segment[6..]) ?? orientation;
            at += 2 + length;
        }
        throw new InvalidDataException(
            $"{name} is cut short or damaged: expected the size of a JPEG before byte {Math.Min(at, file.Length)}.");
    }

    // The first directory of a TIFF structure; tag 0x0112 holds one short number.
    private static int? ReadOrientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return null;
        bool isLittle = tiff[0] == (byte)'I';
        uint directory = UInt32(tiff[4..], isLittle);
        if (directory > tiff.Length - 2)
            return null;
        int entries = UInt16(tiff[(int)directory..], isLittle);
        for (int i = 0; i < entries; i++)
        {
            long at = directory + 2 + (12L * i);
            if (at + 12 > tiff.Length)
                return null;
            ReadOnlySpan<byte> entry = tiff.Slice((int)at, 12);
            if (UInt16(entry, isLittle) == 0x0112)
                return UInt16(entry[8..], isLittle);
        }
        return null;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
