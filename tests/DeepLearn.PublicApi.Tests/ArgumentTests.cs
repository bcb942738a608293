using System.Reflection;
using Xunit;

namespace DeepLearn.PublicApi.Tests;

/// <summary>
/// Every public constructor, method and setter of every package, called with each argument in turn replaced by null, by nothing, by sizes
/// that do not go together and by the ends of its range, answers or refuses: it never fails by an accident inside.
/// </summary>
public sealed class ArgumentTests : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public ArgumentTests() => Directory.SetCurrentDirectory(_folder.FullName);

    public static TheoryData<string> Types => [.. Examples.PublicTypes.Where(type => !(PublicMember.Close(type) is { } closed
        && Examples.HandedOver.Contains(closed)) && PublicMember.Of(type).Any()).Select(type => type.FullName!)
            .Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Member_bad_argument_is_refused_or_answered(string typeName)
    {
        Type type = Examples.PublicTypes.Single(candidate => candidate.FullName == typeName);
        var faults = new List<string>();
        foreach (PublicMember member in PublicMember.Of(type))
            faults.AddRange(FaultsOf(member));
        Assert.True(faults.Count == 0, string.Join('\n', faults.Prepend($"{faults.Count} accidents:")));
    }

    private static IEnumerable<string> FaultsOf(PublicMember member)
    {
        ParameterInfo[] parameters = member.Method.GetParameters();
        for (int place = 0; place < parameters.Length; place++)
        {
            foreach ((string name, object? value) in Extremes.Of(parameters[place]))
            {
                object? target;
                object?[] arguments;
                string? fault = TryArguments(member, place, value, out target, out arguments);
                if (fault is not null)
                {
                    yield return fault;
                    break;
                }
                try
                {
                    Invocation.Call(member, target, arguments);
                }
                catch (Exception exception)
                {
                    if (Accidents.IsAccident(exception, member.Method))
                        fault = $"{member}, {parameters[place].Name} = {name}: {Described(exception)}";
                }
                finally
                {
                    foreach (IDisposable disposable in arguments.Append(target).OfType<IDisposable>())
                        Dispose(disposable);
                }
                if (fault is not null)
                    yield return fault;
            }
        }
    }

    private static string Described(Exception exception)
    {
        string? place = exception.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("DeepLearn", StringComparison.Ordinal));
        return $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")} {place?.Trim()}";
    }

    private static string? TryArguments(PublicMember member, int place, object? value, out object? target, out object?[] arguments)
    {
        (target, arguments) = (null, []);
        try
        {
            target = member.Method is MethodInfo { IsStatic: false } ? Examples.Of(member.Owner) : null;
            arguments = [.. member.Method.GetParameters().Select((parameter, index) => index == place ? value
                : Examples.Of(parameter.ParameterType))];
            return null;
        }
        catch (NotSupportedException missing)
        {
            return $"{member}: {missing.Message}";
        }
    }

    private static void Dispose(IDisposable disposable)
    {
        try
        {
            disposable.Dispose();
        }
        catch (Exception exception) when (!Accidents.IsAccident(exception, null))
        {
            // A store that was never opened, a writer whose file is not whole: they may say so.
        }
    }
}
