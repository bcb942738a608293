using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="Lookahead"/>.</summary>
internal sealed class LookaheadRuntime<T> : OptimizerRuntime<T>, IPreparingOptimizer<T>, IPenaltyFusingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OptimizerRuntime<T> _inner;
    private readonly int _steps;
    private readonly T _share;
    private readonly T _rest;

    // None for a parameter that is not updated.
    private readonly Matrix<T>?[] _slow;

    public LookaheadRuntime(OptimizerRuntime<T> inner, int steps, double share)
        : base(inner.Parameters)
    {
        _inner = inner;
        _steps = steps;
        _share = OptimizerGuard.Held<T>(share, nameof(Lookahead.Share));
        _rest = T.CreateChecked(1 - share);
        _slow = [.. Parameters.Select((parameter, i) => inner.Updates(i) ? Matrix<T>.CopyOf(parameter.Value.View) : null)];
        State =
        [
            .. inner.State,
            .. Parameters.Select((parameter, i) => (parameter.Name, Slow: _slow[i])).Where(pair => pair.Slow is not null)
                .Select(pair => new StateBuffer<T>($"{pair.Name}/slow", pair.Slow!)),
        ];
    }

    public override IReadOnlyList<StateBuffer<T>> State { get; }

    public override WorkerPool Workers
    {
        get => _inner.Workers;
        set => _inner.Workers = value;
    }

    public override bool Updates(int index) => _inner.Updates(index);

    public void Prepare(ReadOnlySpan<PenaltyGradient> penalties, long step) => _inner.BeginStep(penalties, step);

    public override void Update(int index, double rate, long step) => UpdateWithPenalty(index, rate, PenaltyGradient.None, step);

    public void UpdateWithPenalty(int index, double rate, PenaltyGradient penalty, long step)
    {
        if (_slow[index] is not { } matrix)
            return;
        Span<T> value = Parameters[index].Value.AsSpan(), slow = matrix.AsSpan();
        if (step == 0)
            value.CopyTo(slow);
        _inner.UpdateParameter(index, rate, penalty, step);
        if ((step + 1) % _steps != 0)
            return;
        Arithmetic.Blend(value, _share, slow, _rest, slow);
        slow.CopyTo(value);
    }
}
