using DeepLearn.Losses;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>What holds of every loss; the suite is <see cref="LossContract"/>. A new one joins by a row of <see
/// cref="LossCase.All"/>.</summary>
public class LossContractTests
{
    public static TheoryData<LossCase> Rows => [.. LossCase.All];

    [Fact]
    public void Losses_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<Loss>().Except(LossCase.All.Select(row => new LossExample(row, 1, 3, 1, 1).Loss.GetType())));

    [Property(MaxTest = 200)]
    public Property Loss_keeps_the_contract() => Prop.ForAll(
        LossExample.Arbitrary, example => LossContract.Check(example.Loss, example.Options).ThrowIfFailed());

    [Theory]
    [InlineData(300, 4)]
    [InlineData(3, 700)]
    [InlineData(2, 1500)]
    public void Loss_of_many_examples_and_outputs_keeps_the_contract(int batch, int outputs)
    {
        // Of many random numbers some are close to a kink, so that losses with kinks are left out of wide rows.
        foreach (LossCase row in LossCase.All.Where(row => outputs < 10 || row.Clearance is null))
        {
            var example = new LossExample(row, batch, outputs, 3, 8);
            LossContract.Check(example.Loss, example.Options with { GradientElements = 10 }).ThrowIfFailed();
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Loss_of_huge_outputs_is_at_least_0(LossCase row)
    {
        var example = new LossExample(row, 4, 5, 1, 3);
        foreach (ref double score in example.Scores.AsSpan())
            score = score > 0 ? 1e4 : -1e4;
        Assert.True(example.Loss.Compute<float>(LossExample.ToSingle(example.Scores), example.SingleTargets(), default) >= 0);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Loss_made_twice_is_equal_and_prints_its_type(LossCase row)
    {
        Loss one = new LossExample(row, 1, 5, 1, 6).Loss, other = new LossExample(row, 1, 5, 1, 6).Loss;
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.StartsWith(one.GetType().Name, one.ToString(), StringComparison.Ordinal);
    }
}
