using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace DeepLearn.Samples.CommandLine;

/// <summary>The options that every sample has.</summary>
public sealed class SampleOptions
{
    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DIR|TAR.GZ",
        Description = "CIFAR-10's binary files: their folder, or cifar-10-binary.tar.gz. "
            + "[default: what DEEPLEARN_CIFAR10 names, the user's cache, or a download into it]",
        Recursive = true,
    };

    private readonly Option<string> _out;

    private readonly Option<ulong?> _seed = Number<ulong>(
        "--seed", "N", "The seed of every random number.", 1UL, "a whole number from 0 to 2^64 - 1", _ => true);

    private readonly Option<int?> _threads = Number<int>(
        "--threads",
        "N",
        "How many threads work at once; it changes no result.",
        Environment.ProcessorCount,
        "a whole number from 1 to 1024",
        threads => threads is >= 1 and <= 1024);

    private readonly Option<bool> _synthetic = new("--synthetic")
    {
        Description = "Train on generated images instead of CIFAR-10.",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "A tenth of the examples and steps: to see it work, not for its figures.",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    /// <summary>The options, with a sample's own default for where results go.</summary>
    public SampleOptions(string defaultOut)
    {
        _out = new("--out")
        {
            HelpName = "DIR",
            Description = "Where results go.",
            DefaultValueFactory = _ => defaultOut,
            Recursive = true,
        };
        _data.Validators.Add(result => CheckPath(result, "--data must name a folder or an archive"));
        _out.Validators.Add(result => CheckPath(result, "--out must name a folder"));
    }

    /// <summary>An option whose value is a number in a range; anything else is refused with the range named.</summary>
    /// <param name="name">The option.</param>
    /// <param name="helpName">What help calls its value.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="fallback">Its value where it is not given; null where it then has none.</param>
    /// <param name="expected">The range in words.</param>
    /// <param name="isAllowed">The range.</param>
    public static Option<T?> Number<T>(
        string name, string helpName, string description, T? fallback, string expected, Func<T, bool> isAllowed)
        where T : struct, IParsable<T> => new(name)
        {
            HelpName = helpName,
            Description = description,
            Recursive = true,
            DefaultValueFactory = fallback is null ? null : _ => fallback,
            CustomParser = result => ParseNumber(result, name, expected, isAllowed),
        };

    /// <summary>Adds the options to a command and those below it.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_out);
        command.Options.Add(_seed);
        command.Options.Add(_threads);
        command.Options.Add(_synthetic);
        command.Options.Add(_quick);
        command.Validators.Add(CheckTogether);
        foreach (Command inner in command.Subcommands)
            inner.Validators.Add(CheckTogether);
    }

    /// <summary>What they were given as.</summary>
    public SampleSettings Read(ParseResult parsed) => new(
        parsed.GetValue(_data),
        parsed.GetValue(_out)!,
        parsed.GetValue(_seed)!.Value,
        parsed.GetValue(_threads)!.Value,
        parsed.GetValue(_synthetic),
        parsed.GetValue(_quick));

    private static T? ParseNumber<T>(ArgumentResult result, string name, string expected, Func<T, bool> isAllowed)
        where T : struct, IParsable<T>
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (T.TryParse(text, CultureInfo.InvariantCulture, out T value) && isAllowed(value))
            return value;
        result.AddError($"{name} must be {expected}; found '{text}'.");
        return null;
    }

    private void CheckTogether(CommandResult result)
    {
        if (IsGiven(result, _synthetic) && IsGiven(result, _data))
            result.AddError("--synthetic and --data exclude each other: give one of the two.");
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    // An option that lacks its value takes the next one for it.
    private static void CheckPath(OptionResult result, string expected)
    {
        if (result is { Implicit: false, Tokens: [{ Value: { } value }] }
            && (value.Length == 0 || value.StartsWith("--", StringComparison.Ordinal)))
        {
            result.AddError($"{expected}; found '{value}'.");
        }
    }
}
