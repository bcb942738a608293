using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// A search for good hyper-parameters: an immutable value with everything that the trials depend on, except the objective. Derive from it
/// for a search of your own.
/// </summary>
/// <remarks>
/// Where the objective is a function of the trial alone, so are the results of the search: they depend neither on how many trials run at
/// once, nor on which ends first, nor on whether the search was interrupted and went on from its store.
/// </remarks>
/// <example><code>
/// var space = new SearchSpace(new LogUniformDimension("lambda", 1e-5, 1e-1));
/// HyperparameterSearch search = new SingleStageSearch(space, trials: 20) { Sampler = new TpeSampler(), Window = 4, Seed = 1 };
/// SearchResult found = search.Run((trial, context, cancellation) => new(-Math.Abs(Math.Log10(trial.Value("lambda")) + 3)));
/// Console.WriteLine($"the best of {found.Ranked.Count}: {found.Best!.Trial}");
/// </code></example>
public abstract record HyperparameterSearch
{
    /// <summary>Makes a search.</summary>
    /// <param name="space">The hyper-parameters and the values they may take.</param>
    protected HyperparameterSearch(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        Space = space;
    }

    /// <summary>The hyper-parameters and the values they may take.</summary>
    public SearchSpace Space { get; }

    /// <summary>How values are chosen. Default: at random.</summary>
    public Sampler Sampler { get; init => field = PropertyGuard.NotNull(value); } = new RandomSampler();

    /// <summary>What tells trials to stop early. Default: nothing does.</summary>
    public Pruner Pruner { get; init => field = PropertyGuard.NotNull(value); } = new NoPruner();

    /// <summary>
    /// How far a trial looks back, at least 1: trial n of a stage depends on the results of trials 0 to n - Window, whenever they ended,
    /// and on no others; at most Window trials are under way at once. 1 learns fastest, more keeps more workers busy. It counts only where
    /// the sampler or the pruner learns from the stage (<see cref="Sampler.UsesHistory"/>, <see cref="Pruner.UsesHistory"/>). Default: 8.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Window
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 8;

    /// <summary>Which scores are better. Default: larger ones.</summary>
    public SearchDirection Direction { get; init => field = PropertyGuard.Member(value); } = SearchDirection.Maximize;

    /// <summary>
    /// Objectives besides the score, each a metric that the objective function gives; a completed trial without one of them, or with one
    /// that is not finite, counts as failed. <see cref="SearchResult.ParetoFront"/> is what no other trial dominates;
    /// <see cref="NsgaSampler"/> looks for all of it, and every other sampler for the best score. Default: none.
    /// </summary>
    /// <exception cref="ArgumentException">Two objectives are of one metric.</exception>
    public ValueList<SearchObjective> Objectives
    {
        get;
        init => field = (new SearchGoals { Objectives = value }).Objectives;
    } = [];

    /// <summary>
    /// Bounds that good trials keep to, each on a metric that the objective function gives; a completed trial without one of them counts as
    /// failed. A trial that breaks a bound is never the best, and samplers that learn avoid its kind. Default: none.
    /// </summary>
    /// <exception cref="ArgumentException">Two bounds are on one metric.</exception>
    public ValueList<SearchConstraint> Constraints
    {
        get;
        init => field = (new SearchGoals { Constraints = value }).Constraints;
    } = [];

    /// <summary>Direction, objectives and bounds together.</summary>
    public SearchGoals Goals => new(Direction) { Objectives = Objectives, Constraints = Constraints };

    /// <summary>The seed of all the search's random numbers. Default: 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// What the objective depends on besides the trial, in words of your own, such as the data set and the network. A store that holds the
    /// trials of a search with another subject is refused. Default: empty.
    /// </summary>
    /// <exception cref="ArgumentException">The text has half a surrogate pair.</exception>
    public string Subject
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            WellFormedText.Require(value);
            field = value;
        }
    } = "";

    /// <summary>How many trials the whole search has.</summary>
    public abstract int TotalTrials { get; }

    /// <summary>Whether trials depend on earlier ones of their stage, and wait for them.</summary>
    internal bool UsesHistory => Sampler.UsesHistory || Pruner.UsesHistory;

    /// <summary>What tells this search from others: see <see cref="TrialStore"/>.</summary>
    public RunIdentity Identity() => new(
    [
        new("subject", Subject),
        new("space", Space.ToString()),
        new("sampler", Sampler.Description),
        new("pruner", Pruner.Description),
        new("direction", Direction == SearchDirection.Maximize ? "maximize" : "minimize"),
        .. Objectives.Count > 0 ? (IdentityField[])[new("objectives", string.Join("; ", Objectives))] : [],
        .. Constraints.Count > 0 ? (IdentityField[])[new("constraints", string.Join("; ", Constraints))] : [],
        new("seed", Seed.ToString(CultureInfo.InvariantCulture)),
        .. UsesHistory ? (IdentityField[])[new("window", Window.ToString(CultureInfo.InvariantCulture))] : [],
        .. Describe(),
    ]);

    /// <summary>Runs the search.</summary>
    /// <param name="objective">What to maximize or minimize.</param>
    /// <param name="options">How it is run. Default: in memory, on as many threads as the machine has processors.</param>
    /// <param name="cancellationToken">
    /// Stops the search as soon as the trials under way stop. Trials that have ended by then are kept; the others are left for another run.
    /// </param>
    /// <returns>What was found.</returns>
    /// <exception cref="SearchCanceledException">The search was canceled.</exception>
    /// <exception cref="SearchFailedException">Too many trials failed in a row, or some failed and none was completed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The objective trains, and does not fit the search or the data whatever the trial, as where there is a pruner and no evaluation
    /// before the end of a training. Found before anything is trained.
    /// </exception>
    /// <exception cref="IdentityMismatchException">The store holds the trials of another search.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used.</exception>
    /// <exception cref="ArgumentException">A stage has more trials than the sampler can give.</exception>
    public SearchResult Run(TrialObjective objective, SearchRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        using var session = new SearchSession(this, objective, options ?? new SearchRunOptions(), cancellationToken);
        try
        {
            RunStages(session);
        }
        catch (SearchEndedException)
        {
            // One of the ends that the options ask for.
        }
        SearchResult result = session.Result;
        return FailureWatch.ReasonOf(result) is { } reason ? throw new SearchFailedException(reason, result) : result;
    }

    /// <summary>Throws unless the sampler can give so many trials of a space.</summary>
    internal void RequireTrials(SearchSpace space, int trials, string name)
    {
        int most = Sampler.MaximumTrials(space);
        if (trials > most)
            throw new ArgumentOutOfRangeException(name, trials, $"The sampler ({Sampler}) can give {most} trials of this space.");
    }

    /// <summary>
    /// What tells this search from others besides the properties above: one field for each stage. A number of trials that can be raised
    /// later is left out.
    /// </summary>
    protected abstract IEnumerable<IdentityField> Describe();

    /// <summary>Runs the stages one after another.</summary>
    /// <param name="session">Runs a stage.</param>
    protected abstract void RunStages(SearchSession session);
}
