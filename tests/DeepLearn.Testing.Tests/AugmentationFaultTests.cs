using DeepLearn.Data;
using DeepLearn.Foundation;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class AugmentationFaultTests
{
    private enum Fault
    {
        None,
        RefusesSizes,
        ReadsScratch,
        DividesByZero,
        ChannelsLastOnly,
        OtherAtFloat,
        LooksAtTheThread,
        Allocates,
    }

    public static TheoryData<Planted> Faults =>
    [
        new Planted("it is an immutable value", () => AugmentationContract.Check(new Faulty(Fault.None) { Names = ["a"] })),
        new Planted("it prints itself", () => AugmentationContract.Check(new Faulty(Fault.None) { Text = "" })),
        Of("it takes images of these sizes in both orders", Fault.RefusesSizes),
        Of("the result is a function of image and context alone", Fault.ReadsScratch),
        Of("the results are finite", Fault.DividesByZero),
        Of("both orders of pixels show the same image", Fault.ChannelsLastOnly),
        Of("float follows double", Fault.OtherAtFloat),
        Of("neither batches nor threads change a bit", Fault.LooksAtTheThread),
        Of("an image allocates nothing", Fault.Allocates),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void AugmentationContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void AugmentationContract_every_check_has_a_fault_that_it_finds() =>
        Planted.AssertComplete(AugmentationContract.Check(new Faulty(Fault.None)), Faults.Select(row => row.Data));

    private static Planted Of(string check, Fault fault) => new(check, () => AugmentationContract.Check(new Faulty(fault)));

    /// <summary>Darkens a line of pixels.</summary>
    private sealed record Faulty(Fault Fault) : ImageAugmentation
    {
        public string[]? Names { get; init; }

        public string? Text { get; init; }

        public override void Check(ImageLayout layout)
        {
            if (Fault == Fault.RefusesSizes && layout.Order == PixelOrder.ChannelsLast)
                throw new ArgumentException("Images are of 100 pixels at least.");
        }

        public override string ToString() => Text ?? $"Faulty {{ Fault = {Fault} }}";

        public override void Apply<T>(in AugmentationContext context, Span<T> image, Span<T> scratch)
        {
            ImageLayout layout = context.Layout;
            RandomStream random = context.Key.Open();
            int y = random.NextIndex(layout.Height);
            T factor = T.CreateChecked(random.NextIndex(100) / 128.0);
            factor = Fault switch
            {
                Fault.ReadsScratch => scratch[0] > T.Zero ? T.One : factor,
                Fault.OtherAtFloat when typeof(T) == typeof(float) => factor * T.CreateChecked(1.01),
                Fault.LooksAtTheThread when Thread.CurrentThread.Name?.StartsWith("Another thread", StringComparison.Ordinal) == true =>
                    T.One,
                Fault.Allocates => factor + T.CreateChecked(Noise.Allocate()),
                _ => factor,
            };
            for (int x = 0; x < layout.Width; x++)
            {
                for (int channel = 0; channel < layout.Channels; channel++)
                {
                    int index = (y * layout.RowStride) + (x * layout.ColumnStride) + (channel * layout.ChannelStride);
                    if (Fault == Fault.ChannelsLastOnly)
                        index = (((y * layout.Width) + x) * layout.Channels) + channel;
                    image[index] *= factor;
                    if (Fault == Fault.DividesByZero && y == 0)
                        image[index] /= T.Zero;
                }
            }
        }
    }
}
