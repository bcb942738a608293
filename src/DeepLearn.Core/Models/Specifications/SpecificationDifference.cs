using DeepLearn.Foundation;
using DeepLearn.Layers;

namespace DeepLearn.Models.Specifications;

/// <summary>Finds where two networks differ first, for messages.</summary>
internal static class SpecificationDifference
{
    /// <summary>The first difference, as "in layer 2 of the network, expected ...; found ...".</summary>
    /// <param name="expected">The one network.</param>
    /// <param name="found">The other network, which is not the same.</param>
    /// <param name="isSame">Whether two layers are the same.</param>
    public static string Describe(Layer expected, Layer found, Func<Layer, Layer, bool> isSame)
    {
        string path = "the network";
        while (true)
        {
            (string At, Layer? Expected, Layer? Found)[] parts = Parts(expected, found);
            int first = Array.FindIndex(parts, part => !IsSame(part.Expected, part.Found));
            if (first < 0)
                return $"in {path}, expected {InvariantText.Of(expected)}; found {InvariantText.Of(found)}";
            path = $"{parts[first].At} of {path}";
            if (parts[first] is not { Expected: { } inner, Found: { } other })
                return $"in {path}, expected {InvariantText.Of(parts[first].Expected)}; found {InvariantText.Of(parts[first].Found)}";
            (expected, found) = (inner, other);
        }

        bool IsSame(Layer? a, Layer? b) => a is null || b is null ? a == b : isSame(a, b);
    }

    // The layers within two layers of one kind; none if the two differ themselves.
    private static (string At, Layer? Expected, Layer? Found)[] Parts(Layer expected, Layer found) => (expected, found) switch
    {
        (Sequential a, Sequential b) => Pairs("layer", a.Layers, b.Layers),
        (Residual a, Residual b) => [("the branch", a.Branch, b.Branch), ("the projection", a.Projection, b.Projection)],
        (TestTimeAugmentation a, TestTimeAugmentation b) when a.Views.Equals(b.Views) => [("the network", a.Network, b.Network)],
        (Ensemble a, Ensemble b) when a.Combination == b.Combination => Pairs("member", a.Members, b.Members),
        _ => [],
    };

    private static (string, Layer?, Layer?)[] Pairs(string what, ValueList<Layer> expected, ValueList<Layer> found) =>
    [
        .. Enumerable.Range(0, Math.Max(expected.Count, found.Count)).Select(i => (
            FormattableString.Invariant($"{what} {i + 1}"),
            i < expected.Count ? expected[i] : null,
            i < found.Count ? found[i] : null)),
    ];
}
