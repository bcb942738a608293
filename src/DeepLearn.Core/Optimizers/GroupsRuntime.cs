using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="GroupedOptimizer"/>: it hands each parameter to the runtime of its group.</summary>
internal abstract class GroupsRuntime<T> : OptimizerRuntime<T>, IPenaltyFusingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // For each parameter its group, and its place there; no group for a frozen one.
    private readonly ParameterGroup<T>?[] _group;
    private readonly int[] _place;

    protected GroupsRuntime(IReadOnlyList<Parameter<T>> parameters, IReadOnlyList<ParameterGroup<T>> groups)
        : base(parameters)
    {
        Groups = [.. groups];
        _group = new ParameterGroup<T>?[parameters.Count];
        _place = new int[parameters.Count];
        foreach (ParameterGroup<T> group in groups)
        {
            foreach ((int place, int member) in group.Members.Index())
                (_group[member], _place[member]) = (group, place);
        }
        State = [.. groups.SelectMany(group => group.Runtime.State)];
    }

    public override IReadOnlyList<StateBuffer<T>> State { get; }

    public override WorkerPool Workers
    {
        get => Groups[0].Runtime.Workers;
        set
        {
            foreach (ParameterGroup<T> group in Groups)
                group.Runtime.Workers = value;
        }
    }

    protected ParameterGroup<T>[] Groups { get; }

    public override bool Updates(int index) => _group[index] is { } group && group.Runtime.Updates(_place[index]);

    public override void Update(int index, double rate, long step) => UpdateWithPenalty(index, rate, PenaltyGradient.None, step);

    public void UpdateWithPenalty(int index, double rate, PenaltyGradient penalty, long step)
    {
        if (_group[index] is { } group)
            group.Runtime.UpdateParameter(_place[index], group.RateFactor * rate, penalty, step);
    }

    /// <summary>The runtime of a parameter's group with its place there and its rate; null for a frozen parameter.</summary>
    protected OptimizerRuntime<T>? RuntimeOf(int index, ref double rate, out int place)
    {
        place = _place[index];
        rate *= _group[index]?.RateFactor ?? 1;
        return _group[index]?.Runtime;
    }
}
