using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DeepLearn.Samples.ServePredictions.Tests;

/// <summary>What a model that is trained at the start tells the server's log.</summary>
public class TrainingLogTests
{
    [Fact]
    public void TrainingLog_of_a_run_has_a_line_for_each_evaluation_with_a_loss_that_falls()
    {
        var log = new Lines();
        HouseModel.Train(new TrainingLog("houses", log), CancellationToken.None);

        IReadOnlyDictionary<string, object?>[] lines = [.. log.Written];
        Assert.Equal([250L, 500, 750, 1000], lines.Select(line => (long)line["Step"]!));
        Assert.All(lines, line => Assert.Equal(("houses", 1000L), (line["Name"], (long)line["TotalSteps"]!)));

        // Without a validation set there is no word of one.
        Assert.DoesNotContain(lines, line => line.ContainsKey("Validation"));
        double[] losses = [.. lines.Select(line => (double)line["Loss"]!)];
        Assert.True(losses[^1] < losses[0], string.Join(' ', losses));
    }

    /// <summary>Keeps what is logged, by the names of its parts.</summary>
    private sealed class Lines : ILogger<TrainingLog>
    {
        public ConcurrentQueue<IReadOnlyDictionary<string, object?>> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary(part => part.Key, part => part.Value));
    }
}
