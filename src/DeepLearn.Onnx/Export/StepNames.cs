namespace DeepLearn.Onnx.Export;

/// <summary>The names that the steps around the network have in a file of ours.</summary>
internal static class StepNames
{
    /// <summary>The standardization of a table's columns.</summary>
    public const string Columns = "preprocessing";

    /// <summary>The normalization of the features.</summary>
    public const string Inputs = "normalization";

    /// <summary>The scaling of targets.</summary>
    public const string Targets = "target_scaling";

    /// <summary>The temperature: its number.</summary>
    public const string Temperature = "temperature";

    /// <summary>The node that divides by it.</summary>
    public const string Cooled = Temperature + "/cooled";

    /// <summary>The node of the ending.</summary>
    public const string Ending = "ending";

    /// <summary>The means of one of the standardizations.</summary>
    public static string MeanOf(string step) => $"{step}/mean";

    /// <summary>What its means have beyond 32 bits.</summary>
    public static string RestOf(string step) => $"{step}/mean_rest";

    /// <summary>Its standard deviations.</summary>
    public static string DeviationOf(string step) => $"{step}/standard_deviation";

    /// <summary>The node that multiplies or divides by them.</summary>
    public static string ScaledOf(string step) => $"{step}/scaled";

    /// <summary>The node that adds the means.</summary>
    public static string ShiftedOf(string step) => $"{step}/shifted";

    /// <summary>Whether a tensor holds numbers of one of the steps.</summary>
    public static bool AreOfStep(string tensor) => tensor == Temperature
        || new[] { Columns, Inputs, Targets }.Any(
            step => tensor == MeanOf(step) || tensor == RestOf(step) || tensor == DeviationOf(step));
}
