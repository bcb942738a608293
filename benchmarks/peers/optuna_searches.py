"""Optuna beside `ratios search`: the same functions, the same number of trials and seeds.

    python3 optuna_searches.py --out optuna.json                   the regrets, appended function by function
    python3 optuna_searches.py --out optuna.json --filter CMA --function Branin
    python3 optuna_searches.py --speed                             the time of a suggestion after many trials

The file is an array of {"sampler", "function", "trials", "version", "regrets"}; what it has already is not run again. It is read by

    dotnet run -c Release --project benchmarks/DeepLearn.Core.Benchmarks -- ratios search --optuna optuna.json

Spaces and functions are those of Searches/TestFunction.cs, in the same order.
"""

import argparse
import collections
import json
import math
import os
import time
import warnings

import optuna
from optuna.distributions import FloatDistribution

BRANIN_MINIMUM = 0.39788735772973816
HARTMANN_WEIGHTS = [1, 1.2, 3, 3.2]
HARTMANN_SCALES = [
    [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
]
HARTMANN_CENTERS = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def branin(trial):
    x, y = trial.suggest_float("x0", -5, 10), trial.suggest_float("x1", 0, 15)
    valley = y - 5.1 / (4 * math.pi ** 2) * x * x + 5 / math.pi * x - 6
    return valley ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10 - BRANIN_MINIMUM


def hartmann(trial):
    x = [trial.suggest_float(f"x{j}", 0, 1) for j in range(6)]
    total = 3.32236801141551
    for weight, scales, centers in zip(HARTMANN_WEIGHTS, HARTMANN_SCALES, HARTMANN_CENTERS):
        total -= weight * math.exp(-sum(s * (a - c) ** 2 for s, a, c in zip(scales, x, centers)))
    return total


def rosenbrock(trial):
    x = [trial.suggest_float(f"x{j}", -5, 10) for j in range(10)]
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def mixed(trial):
    kind = trial.suggest_categorical("kind", ["a", "b", "c", "d"])
    rate = math.log10(trial.suggest_float("rate", 1e-5, 1, log=True)) + 2.3
    depth = trial.suggest_int("depth", 1, 8)
    momentum = trial.suggest_float("momentum", 0, 1) if kind in ("b", "c") else None
    width = trial.suggest_int("width", 8, 512, log=True) if depth >= 4 else None
    loss = {
        "a": lambda: 0.6,
        "b": lambda: 2 * abs(momentum - 0.83),
        "c": lambda: 0.3 + 2 * abs(momentum - 0.35),
        "d": lambda: 0.9,
    }[kind]()
    off = 2 if width is None else abs(math.log2(width) - 6.5) - 0.5
    return loss + 0.5 * rate * rate + 0.1 * (depth - 6) ** 2 + 0.3 * max(0, off)


def nested(trial):
    def off(value, best):
        return abs(math.log10(value) - math.log10(best))

    optimizer = trial.suggest_categorical("optimizer", ["sgd", "adam", "lion"])
    if optimizer == "sgd":
        branch = 0.5 * off(trial.suggest_float("sgd rate", 1e-4, 1, log=True), 0.05)
        momentum = trial.suggest_categorical("momentum", ["none", "classical", "Nesterov"])
        if momentum == "none":
            branch += 0.6
        else:
            branch += abs(trial.suggest_float("mass", 0, 0.99) - 0.9) + (0.2 if momentum == "classical" else 0)
    elif optimizer == "adam":
        branch = 0.25 + 0.4 * off(trial.suggest_float("adam rate", 1e-6, 1e-1, log=True), 1e-3)
        branch += 2 * abs(trial.suggest_float("beta", 0.8, 0.999) - 0.9)
    else:
        branch = 0.5 + 0.3 * off(trial.suggest_float("lion rate", 1e-6, 1e-2, log=True), 1e-4)
    layers = trial.suggest_int("layers", 1, 6)
    size = math.log2(trial.suggest_int("units", 8, 1024, log=True)) + 0.5 * layers - 9
    return branch + 0.05 * size * size + 0.02 * abs(layers - 3)


FUNCTIONS = {"Branin": branin, "Hartmann-6": hartmann, "Rosenbrock-10": rosenbrock, "Mixed": mixed, "Nested": nested}

# Each with the number of trials that are under way together. In batches, all are asked for before the first is told, and all are told before
# the next is asked for. With a window, a trial is asked for as soon as the one ten before it is told: what ten busy workers do, and what a
# window of ten is here. Both tell the sampler which trials are under way (constant_liar).
SAMPLERS = {
    "random": (lambda seed: optuna.samplers.RandomSampler(seed=seed), 1),
    "TPE": (lambda seed: optuna.samplers.TPESampler(seed=seed), 1),
    "TPE multivariate": (lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True), 1),
    "CMA-ES": (lambda seed: optuna.samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False), 1),
    "TPE, batches of 10": (lambda seed: optuna.samplers.TPESampler(seed=seed, constant_liar=True), 10),
    "TPE multivariate, batches of 10": (
        lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True, constant_liar=True), 10),
    "CMA-ES, batches of 10": (lambda seed: optuna.samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False), 10),
}
for parallel in [name for name in SAMPLERS if "batches" in name]:
    SAMPLERS[parallel.replace("batches of", "window")] = SAMPLERS[parallel]


def regret(make_sampler, batch, function, trials, seed, is_window):
    study = optuna.create_study(sampler=make_sampler(seed))
    if is_window:
        under_way = collections.deque()
        for _ in range(trials):
            if len(under_way) == batch:
                study.tell(*under_way.popleft())
            trial = study.ask()
            under_way.append((trial, function(trial)))
        for trial, value in under_way:
            study.tell(trial, value)
        return study.best_value
    for first in range(0, trials, batch):
        asked = [study.ask() for _ in range(min(batch, trials - first))]
        values = [function(trial) for trial in asked]
        for trial, value in zip(asked, values):
            study.tell(trial, value)
    return study.best_value


def regrets(arguments):
    rows = []
    if os.path.exists(arguments.out):
        with open(arguments.out, encoding="utf-8") as file:
            rows = json.load(file)
    for name, (make, batch) in SAMPLERS.items():
        for function in FUNCTIONS:
            if arguments.filter not in name or arguments.function not in function:
                continue
            if any(row["sampler"] == name and row["function"] == function for row in rows):
                continue
            seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
            found = [regret(make, batch, FUNCTIONS[function], arguments.trials, seed, "window" in name) for seed in seeds]
            rows.append({
                "sampler": name, "function": function, "trials": arguments.trials, "version": optuna.__version__, "regrets": found,
            })
            with open(arguments.out + ".part", "w", encoding="utf-8") as file:
                json.dump(rows, file, indent=1)
                file.write("\n")
            os.replace(arguments.out + ".part", arguments.out)
            print(f"{name}, {function}: median {sorted(found)[len(found) // 2]:.4g}", flush=True)


def speed(arguments):
    space = {f"x{j}": FloatDistribution(-5, 10) for j in range(10)}
    for past in (1000, 3000, 10000):
        for name in ("random", "TPE", "TPE multivariate", "CMA-ES"):
            if arguments.filter not in name:
                continue
            study = optuna.create_study(sampler=SAMPLERS[name][0](1))
            source = optuna.samplers.RandomSampler(seed=2)
            for number in range(past):
                values = {key: source._rng.uniform(-5, 10) for key in space}
                study.add_trial(optuna.trial.create_trial(
                    params=values, distributions=space, value=sum(value * value for value in values.values())))
            times = []
            for _ in range(5):
                begin = time.perf_counter()
                trial = study.ask()
                for key in space:
                    trial.suggest_float(key, -5, 10)
                times.append(time.perf_counter() - begin)
                study.tell(trial, sum(value * value for value in trial.params.values()))
            print(f"{name}, {past} past trials: {1000 * sorted(times)[2]:.1f} ms (first {1000 * times[0]:.1f} ms)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="optuna.json")
    parser.add_argument("--filter", default="", help="samplers whose name has this")
    parser.add_argument("--function", default="", help="functions whose name has this")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--speed", action="store_true")
    arguments = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    warnings.simplefilter("ignore")
    (speed if arguments.speed else regrets)(arguments)


main()
