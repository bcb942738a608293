using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class DatasetFaultTests
{
    private const int Features = 5;

    private enum Fault
    {
        None,
        OtherAlone,
        SharesScratch,
        OtherAtFloat,
        RoundsTwice,
        LastRowLeft,
        ShiftsFeatures,
        TargetsByPlace,
        WrongSums,
        SmallMemory,
        Allocates,
    }

    public static TheoryData<Planted> Faults =>
    [
        Of("an example is the same bits in any batch", Fault.OtherAlone),
        Of("the same example gives the same bits again", Fault.SharesScratch),
        Of("a float is the double rounded", Fault.OtherAtFloat),
        Of("a transform is one rounding of each feature", Fault.RoundsTwice),
        Of("nothing is written beside the rows", Fault.LastRowLeft),
        Of("some features are those of whole examples", Fault.ShiftsFeatures),
        Of("targets go with their examples", Fault.TargetsByPlace),
        Of("sums for means and variances are those of the features", Fault.WrongSums),
        Of("its memory is told", Fault.SmallMemory),
        new Planted("the bytes are the features", () => DatasetContract.Check(new OtherBytes())),
        Of("gathering allocates nothing", Fault.Allocates),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void DatasetContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void DatasetContract_sound_data_set_passes_and_checks_without_a_fault_are_the_base_class_s()
    {
        ContractReport report = DatasetContract.Check(new Faulty(Fault.None));
        report.ThrowIfFailed();
        string[] ofTheBase =
        [
            "labels go with their examples",
            "views show the same examples",
            "batches are the same on any number of threads",
            "what does not fit is refused",
        ];
        Assert.Equal(report.Checks.Select(check => check.Name).Order(), Faults.Select(row => row.Data.Check).Concat(ofTheBase).Order());
    }

    [Fact]
    public void DatasetContract_empty_data_set_is_refused() =>
        Assert.Throws<ArgumentException>(() => DatasetContract.Check(new Faulty(Fault.None).Take(0)));

    private static Planted Of(string check, Fault fault) => new(check, () => DatasetContract.Check(new Faulty(fault)));

    /// <summary>Its bytes are not what it gathers as numbers.</summary>
    private sealed class OtherBytes() : Dataset(9, new DatasetDescription(4), null)
    {
        private readonly byte[] _bytes = [.. Enumerable.Range(0, 36).Select(i => (byte)(7 * i))];

        public override bool HoldsBytes => true;

        public override void AddTo(ReadOnlySpan<int> indices, FeatureMoments moments)
        {
            var row = new Matrix<double>(1, 4);
            foreach (int index in indices)
            {
                Gather([index], row.View);
                moments.Add(row.AsSpan());
            }
        }

        protected override ReadOnlyMemory<byte> BytesCore(int index) => _bytes.AsMemory(index * 4, 4);

        protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
        {
            for (int i = 0; i < indices.Length; i++)
            {
                Span<T> row = destination.Row(i);
                for (int j = 0; j < row.Length; j++)
                    row[j] = T.CreateChecked(_bytes[(indices[i] * 4) + j] + 0.5);
                transform?.Apply(row, row);
            }
        }
    }

    private sealed class Faulty(Fault fault)
        : Dataset(40, new DatasetDescription(Features) { Classes = 3, TargetWidth = 2 }, [.. Enumerable.Range(0, 40).Select(i => i % 3)])
    {
        public override bool GathersFeatures => true;

        public override long OwnMemoryInBytes => fault == Fault.SmallMemory ? 7 : base.OwnMemoryInBytes;

        public override void AddTo(ReadOnlySpan<int> indices, FeatureMoments moments)
        {
            base.AddTo(indices, moments);
            if (fault == Fault.WrongSums && indices.Length > 3)
                base.AddTo(indices[..1], moments);
        }

        protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination) =>
            Gather(indices, transform, 0, destination);

        protected override void GatherFeaturesCore<T>(
            ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination) =>
            Gather(indices, transform, fault == Fault.ShiftsFeatures && destination.Columns == 1 ? 0 : first, destination);

        protected override void GatherTargetsCore<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
        {
            for (int i = 0; i < indices.Length; i++)
            {
                int place = fault == Fault.TargetsByPlace && indices.Length > 9 ? i : indices[i];
                for (int j = 0; j < destination.Columns; j++)
                    destination[i, j] = T.CreateChecked(Math.Sin(place + j));
            }
        }

        private void Gather<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            if (fault == Fault.Allocates)
                Noise.Allocate();
            bool others = fault == Fault.SharesScratch && Noise.OthersAreHere();
            for (int i = 0; i < indices.Length; i++)
            {
                if (fault == Fault.LastRowLeft && !destination.IsContiguous && i == indices.Length - 1 && destination.Columns == Features)
                    break;
                Span<T> row = destination.Row(i);
                for (int j = 0; j < row.Length; j++)
                {
                    double feature = Math.Cos((indices[i] * Features) + first + j) * (others ? 2 : 1);
                    if (fault == Fault.OtherAtFloat && typeof(T) == typeof(float))
                        feature *= 1.0001;
                    if (fault == Fault.OtherAlone && indices.Length == 1 && typeof(T) == typeof(float))
                        feature *= 1.0001;
                    row[j] = T.CreateChecked(feature);
                }
                if (transform is null)
                    continue;
                if (fault == Fault.RoundsTwice)
                {
                    for (int j = 0; j < row.Length; j++)
                        row[j] = (row[j] * transform.Scale[first + j]) + transform.Offset[first + j];
                }
                else
                {
                    transform.Apply(first, row, row);
                }
            }
        }
    }
}
