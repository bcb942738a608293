using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// Hyperband: several rounds of successive halving, from many trials that begin on a small budget to a few that have the largest at once.
/// It so works well whether scores on small budgets predict the final ones or not.
/// </summary>
/// <remarks>
/// Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar, "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization", 2018:
/// bracket s, from S down to 0, begins with <c>ceil((S + 1) / (s + 1) eta^s)</c> new trials on the budget <c>R / eta^s</c>, rounded down,
/// and keeps the best <c>1/eta</c> of them for a budget that is eta times as large, up to R. Each bracket and each of its rounds is a
/// stage. A trial that is kept is a new one with its number, seed and point (see <see cref="TrainingRungs"/>).
/// </remarks>
/// <example><code>
/// // Budgets of 1, 3 and 9: the largest for the best of the others, and for a few new trials.
/// SearchResult found = new HyperbandSearch(space, budget: 9).Run(objective);
/// </code></example>
public sealed record HyperbandSearch : HyperparameterSearch
{
    /// <summary>A search by Hyperband.</summary>
    /// <param name="space">The hyper-parameters and the values they may take.</param>
    /// <param name="budget">The largest budget R of a trial, at least 1.</param>
    /// <param name="factor">The factor eta between two budgets, at least 2. Default: 3.</param>
    /// <param name="smallestBudget">The smallest budget of a trial, at least 1 and at most <paramref name="budget"/>. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public HyperbandSearch(SearchSpace space, int budget, int factor = 3, int smallestBudget = 1)
        : base(space)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(smallestBudget, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smallestBudget, budget);
        Budget = budget;
        Factor = factor;
        SmallestBudget = smallestBudget;
    }

    /// <summary>The largest budget of a trial.</summary>
    public int Budget { get; }

    /// <summary>The factor between two budgets.</summary>
    public int Factor { get; }

    /// <summary>The smallest budget of a trial.</summary>
    public int SmallestBudget { get; }

    /// <summary>The number of brackets, S + 1.</summary>
    public int Brackets
    {
        get
        {
            int brackets = 1;
            for (int budget = Budget / Factor; budget >= SmallestBudget; budget /= Factor)
                brackets++;
            return brackets;
        }
    }

    /// <inheritdoc/>
    public override int TotalTrials
    {
        get
        {
            int total = 0;
            for (int bracket = Brackets - 1; bracket >= 0; bracket--)
            {
                for (int round = 0, trials = TrialsOf(bracket); round <= bracket && trials > 0; round++, trials /= Factor)
                    total = checked(total + trials);
            }
            return total;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<IdentityField> Describe() =>
    [
        new("stages", string.Create(
            CultureInfo.InvariantCulture, $"Hyperband, budgets {SmallestBudget}..{Budget} by {Factor}, {Brackets} brackets")),
    ];

    /// <inheritdoc/>
    protected override void RunStages(SearchSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        for (int bracket = Brackets - 1; bracket >= 0; bracket--)
            session.RequireTrials(Space, TrialsOf(bracket));
        for (int bracket = Brackets - 1; bracket >= 0; bracket--)
        {
            int trials = TrialsOf(bracket);
            StageResult round = session.RunStage(Space, trials, BudgetOf(bracket));
            for (int left = bracket - 1; left >= 0; left--)
            {
                trials /= Factor;
                int budget = BudgetOf(left);
                Trial[] kept = session.KeepBest(round, trials, budget);
                if (kept.Length == 0)
                    break;
                round = session.RunStage(Space, budget, kept);
            }
        }
    }

    private int TrialsOf(int bracket)
    {
        double trials = Brackets;
        for (int i = 0; i < bracket; i++)
            trials *= Factor;
        return checked((int)Math.Ceiling(trials / (bracket + 1)));
    }

    // On the largest budget with none to go.
    private int BudgetOf(int roundsToGo)
    {
        int budget = Budget;
        for (int i = 0; i < roundsToGo; i++)
            budget /= Factor;
        return budget;
    }
}
