using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DeepLearn.Foundation;

/// <summary>
/// The name under which the library's measurements can be listened to: metrics of <see cref="System.Diagnostics.Metrics"/> and
/// activities of
/// <see cref="System.Diagnostics.ActivitySource"/>, which OpenTelemetry, dotnet-counters and dotnet-trace read.
/// </summary>
/// <remarks>
/// Where nobody listens, a step of training does no more than look whether somebody does. What is listened to changes no result.
/// </remarks>
/// <example><code>
/// using System.Diagnostics.Metrics;
///
/// using var listener = new MeterListener
/// {
///     InstrumentPublished = (instrument, listener) =>
///     {
///         if (instrument.Meter.Name == Telemetry.Name)
///             Console.WriteLine(instrument.Name);
///     },
/// };
/// listener.Start();
/// </code></example>
public static class Telemetry
{
    /// <summary>The name of the meter and of the source of activities: <c>DeepLearn</c>.</summary>
    public const string Name = "DeepLearn";

    internal static Meter Meter { get; } = new(Name, LibraryVersion.Current);

    internal static ActivitySource Activities { get; } = new(Name, LibraryVersion.Current);
}
