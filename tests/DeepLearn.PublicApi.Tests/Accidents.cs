using System.Reflection;

namespace DeepLearn.PublicApi.Tests;

/// <summary>Which failures say what was wrong, and which are accidents.</summary>
internal static class Accidents
{
    /// <summary>Whether an exception is one that a caller cannot act on.</summary>
    public static bool IsAccident(Exception exception, MethodBase? member) => exception switch
    {
        AggregateException several => several.InnerExceptions.Any(inner => IsAccident(inner, member)),
        OperationCanceledException or NotSupportedException or ObjectDisposedException or UnauthorizedAccessException => false,
        ArgumentException or InvalidOperationException or IOException or InvalidDataException => false,

        // Memory for two thousand million numbers is not there, and that is what it says.
        OutOfMemoryException => false,

        // An indexer in the innermost loops is bounded as those of arrays and spans are, and fails as they do.
        IndexOutOfRangeException => member?.Name != "get_Item",

        // A name that is looked up and not there, in words of the library's own.
        // So is a text in a form that is not the expected one.
        KeyNotFoundException or FormatException =>
            exception.TargetSite?.Module.Name.StartsWith("DeepLearn", StringComparison.Ordinal) != true,
        _ => exception.GetType().Namespace?.StartsWith("DeepLearn", StringComparison.Ordinal) != true,
    };
}
