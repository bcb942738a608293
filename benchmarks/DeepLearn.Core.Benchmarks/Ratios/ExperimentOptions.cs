using System.CommandLine;
using System.Globalization;
using DeepLearn.Benchmarks.Experiments;
using DeepLearn.Data.Cifar;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The options of <c>experiment</c> and of the processes of its rows.</summary>
internal sealed class ExperimentOptions
{
    private readonly Option<string?> _data = NewData();
    private readonly Option<int> _rounds = NewRounds(3);

    private readonly Option<int> _every = new("--every")
    {
        Description = "Updates from one evaluation to the next.",
        DefaultValueFactory = _ => 196,
    };

    private readonly Option<int> _measured = new("--measured")
    {
        Description = "Training examples in an evaluation, beside the 1,000 of validation; 0 for all.",
        DefaultValueFactory = _ => 1_000,
    };

    /// <summary>The option for the place of the data.</summary>
    public static Option<string?> NewData() => new("--data")
    {
        Description = $"CIFAR-10, a folder or archive. Default: {Cifar10Source.DefaultVariable}, then the cache folder.",
    };

    /// <summary>The option for the number of rounds.</summary>
    public static Option<int> NewRounds(int usual)
    {
        var rounds = new Option<int>("--rounds") { Description = "How often everything is timed.", DefaultValueFactory = _ => usual };
        rounds.Validators.Add(result =>
        {
            if (result.GetValue(rounds) < 1)
                result.AddError("--rounds is at least 1.");
        });
        return rounds;
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _data, _rounds, _every, _measured })
            command.Add(option);
    }

    /// <summary>Whether the data can be found; if not, a message is printed.</summary>
    public bool HasData(ParseResult result) => FinalRun.Find(result.GetValue(_data), Console.Error) is not null;

    /// <summary>The measurement, with the data in memory; null, after a message, if they cannot be read.</summary>
    public ExperimentMeasurement? Load(ParseResult result)
    {
        if (FinalRun.Load(result.GetValue(_data), Console.Error) is not { } run)
            return null;
        var evaluation = new EvaluationPlan
        {
            Every = result.GetValue(_every),
            TrainingExamples = result.GetValue(_measured),
            AtStart = true,
        };
        return new(run, evaluation, result.GetValue(_rounds));
    }

    /// <summary>The same options as arguments.</summary>
    public IEnumerable<string> Arguments(ParseResult result)
    {
        if (result.GetValue(_data) is { } data)
        {
            yield return _data.Name;
            yield return data;
        }
        foreach (Option<int> option in new[] { _rounds, _every, _measured })
        {
            yield return option.Name;
            yield return result.GetValue(option).ToString(CultureInfo.InvariantCulture);
        }
    }
}
