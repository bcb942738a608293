using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// An optimizer, and rules for selections of parameters: the first rule whose selection includes a parameter decides about it, and one that
/// no rule includes is updated by the optimizer as it stands. Made by <see cref="Optimizer.WithRules"/>.
/// </summary>
/// <remarks>
/// Each group of parameters is updated by an optimizer of its own, with state of its own for the parameters of the group; the step number
/// is that of all.
/// </remarks>
/// <example><code>
/// Optimizer slowAtFirst = new Adam().WithRules([new ParameterRule("dense1/*") { RateFactor = 0.1 }]);
/// TrainingPlan grouped = plan with { Optimizer = slowAtFirst, Schedule = 0.001 };
/// </code></example>
public sealed record GroupedOptimizer : Optimizer
{
    /// <summary>Puts parameters under rules.</summary>
    /// <param name="inner">The optimizer of the parameters that no rule includes, and of those whose rule names no other.</param>
    /// <param name="rules">The rules, in order; at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is none, one contradicts itself, or one gives a decay to an optimizer that has none.
    /// </exception>
    public GroupedOptimizer(Optimizer inner, ValueList<ParameterRule> rules)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Count == 0)
            throw new ArgumentException("Groups of parameters are made by at least one rule; found none.", nameof(rules));
        foreach (ParameterRule rule in rules)
            rule.OptimizerOr(inner);
        Inner = inner;
        Rules = rules;
    }

    /// <summary>The optimizer of the parameters that no rule includes, and of those whose rule names no other.</summary>
    public Optimizer Inner { get; }

    /// <summary>The rules, in order.</summary>
    public ValueList<ParameterRule> Rules { get; }

    /// <inheritdoc/>
    public override Optimizer WithRules(ValueList<ParameterRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.Count == 0 ? this : new GroupedOptimizer(Inner, [.. rules, .. Rules]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// A rule decides about no parameter, since its selection includes none or rules before it decide about those; or all are frozen.
    /// </exception>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var members = new List<int>[Rules.Count + 1];
        for (int group = 0; group < members.Length; group++)
            members[group] = [];
        bool[][] chosen = [.. Rules.Select(rule => rule.Selection.Choose(parameters))];
        for (int i = 0; i < parameters.Count; i++)
        {
            int rule = Array.FindIndex(chosen, of => of[i]);
            members[rule < 0 ? Rules.Count : rule].Add(i);
        }
        var groups = new List<ParameterGroup<T>>();
        for (int group = 0; group < members.Length; group++)
        {
            bool isRest = group == Rules.Count;
            if (members[group].Count == 0)
            {
                if (isRest)
                    continue;
                throw new ArgumentException(
                    $"Rule {group + 1} of {Rules.Count}, {Rules[group]}, decides about no parameter: its selection includes none, or those "
                    + "that it includes are decided about by rules before it.");
            }
            Optimizer? optimizer = isRest ? Inner : Rules[group].OptimizerOr(Inner);
            if (optimizer is not null)
                groups.Add(new(optimizer, isRest ? 1 : Rules[group].RateFactor, members[group], parameters));
        }
        if (groups.Count == 0)
            throw new ArgumentException($"The rules freeze every parameter, so that there is nothing to train: {Rules}.");
        return groups.TrueForAll(group => group.IsAccumulating)
            ? new AccumulatingGroupsRuntime<T>(parameters, groups)
            : new PreparingGroupsRuntime<T>(parameters, groups);
    }
}
