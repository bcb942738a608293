using System.Globalization;

namespace DeepLearn.Testing.Checks;

/// <summary>The checks of one report as they are made: each by itself, so that one that fails hides no other.</summary>
internal sealed class CheckList(string contract, object subject)
{
    private readonly List<ContractCheck> _checks = [];

    /// <summary>Makes a check. Whatever the subject throws is a failure of this check, told with the place that threw.</summary>
    public void Add(string name, Action check)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            // Numbers in a report read the same everywhere.
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            check();
            _checks.Add(new(name));
        }
        catch (ExpectationException failure)
        {
            _checks.Add(new(name, failure.Expected, failure.Found));
        }
        catch (Exception exception)
        {
            _checks.Add(new(name, "no exception", Describe(exception)));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    /// <summary>Notes a check that does not apply to the subject.</summary>
    public void LeaveOut(string name, string reason) => _checks.Add(new(name, LeftOut: reason));

    /// <summary>Makes a check where it applies, and notes it where it does not.</summary>
    public void AddIf(bool applies, string reason, string name, Action check)
    {
        if (applies)
            Add(name, check);
        else
            LeaveOut(name, reason);
    }

    public ContractReport ToReport() => new(contract, Say(subject), [.. _checks]);

    /// <summary>What a function gives; nothing where it throws, which a check of its own tells.</summary>
    public static TResult? Try<TResult>(Func<TResult> function)
    {
        try
        {
            return function();
        }
        catch (Exception)
        {
            return default;
        }
    }

    private static string Say(object subject)
    {
        try
        {
            return subject.ToString() ?? subject.GetType().Name;
        }
        catch (Exception exception)
        {
            return $"{subject.GetType().Name} (whose ToString throws {exception.GetType().Name})";
        }
    }

    private static string Describe(Exception exception)
    {
        string? place = exception.StackTrace?.Split('\n').FirstOrDefault()?.Trim();
        return $"{exception.GetType().Name}: {exception.Message}{(place is null ? "" : $" ({place})")}";
    }
}
