"""What one does with algorithms: graphs, samples, experiments, sweeps, plots, controls."""

import numpy as np

from mirrorbook import ALGORITHMS, PolicyDAG, TVSquared, games, mirror_step, plots
from mirrorbook.counterexamples import bandits
from mirrorbook.experiments import algorithm, figure3, initial_policy, run
from mirrorbook.policy_dag import best_among, grid_policies
from mirrorbook.sampling import (
    Batch,
    ReplayBuffer,
    SampledUpdate,
    draw_batch,
    empirical_problem,
    estimate,
    expected_value,
    occupancy_batch,
    sample_q,
    sampled_gains,
    walk,
)
from mirrorbook.sweeps import learning_curve, sweep
from mirrorbook.widgets import Choice, Explorer, Range

from .given import GAME, GPI, HALF, INF, NAN, ONE, PI, RNG, TWO, put

TV2 = ALGORITHMS["TV²"]
DAG = PolicyDAG.from_deterministic(games.single_step((1.0, 0.0, 2.0)), TV2)
BATCH = Batch([1, 2], [0, 2], [0.5, 0.5])
CURVE = dict(mdp={"game": GAME}, algorithm={"GPI": GPI})


def nothing(x, rng):
    return ()


def filled(pairs=BATCH):
    buffer = ReplayBuffer(3)
    buffer.add(pairs, HALF)
    return buffer


TABLE = {
    "PolicyDAG": [
        (lambda: PolicyDAG(TWO, [], TV2), ValueError, "policies is empty"),
        (lambda: PolicyDAG(TWO, [HALF, HALF * 2], TV2), ValueError, "policies[1][0]", "sums to 2"),
        (lambda: PolicyDAG(TWO, HALF, TV2), ValueError, "policies[0] has shape (2,)"),
        (lambda: PolicyDAG(TWO, 3, TV2), TypeError, "policies must be a sequence", "int"),
        (lambda: PolicyDAG(None, [HALF], TV2), TypeError, "mdp must be an MDP"),
        (lambda: PolicyDAG(TWO, [HALF], "TV"), TypeError, "algorithm must be an Algorithm", "'TV'"),
        (lambda: PolicyDAG(TWO, [HALF], TV2, [(), ()]), ValueError, "histories are 2, expected 1"),
        (lambda: PolicyDAG.from_grid(TWO, TV2, 0), ValueError, "resolution is 0"),
        (lambda: PolicyDAG.from_grid(GAME, TV2, 1000), ValueError, "the grid of resolution 1000"),
        (lambda: PolicyDAG.from_run(TWO, TV2, []), ValueError, "steps is empty"),
        (lambda: PolicyDAG.from_run(TWO, TV2, [3]), TypeError, "steps[0] must be a MirrorStep"),
        (lambda: PolicyDAG.from_deterministic(TWO, GPI), ValueError, "drift", "positive"),
        (lambda: DAG.out_edges(9), ValueError, "vertex is 9", "< 3"),
        (lambda: DAG.out_edges("a"), TypeError, "vertex must be an integer, found 'a'"),
        (lambda: DAG.path_weight([]), ValueError, "path is empty"),
        (lambda: DAG.path_weight([0, -1]), ValueError, "path[1] is -1"),
        (lambda: DAG.path_weight([2, 0]), ValueError, "path steps from 2 to 0", "no edge"),
        (lambda: DAG.path_weight(1), TypeError, "path must be a sequence", "1"),
        (lambda: DAG.heaviest_path(2, 0), ValueError, "no path leads from vertex 2 to vertex 0"),
        (lambda: DAG.budget([0.5]), TypeError, "path[0] must be an integer"),
        (lambda: grid_policies(PI, 2), TypeError, "mdp must be an MDP"),
        (lambda: best_among([]), ValueError, "policies has shape (0,)"),
        (lambda: best_among([HALF * NAN]), ValueError, "policies[0, 0, 0] is nan"),
    ],
    "sampling": [
        (lambda: Batch([], [], []), ValueError, "states has shape (0,)"),
        (lambda: Batch([0], [0, 1], [1.0]), ValueError, "actions has shape (2,)", "(1,)"),
        (lambda: Batch([0.0], [0], [1.0]), TypeError, "states must be integers", "float64"),
        (lambda: Batch([-1], [0], [1.0]), ValueError, "states[0] is -1"),
        (lambda: Batch([0], [0], [0.0]), ValueError, "probabilities[0] is 0.0"),
        (lambda: Batch([0], [0], [1.5]), ValueError, "probabilities[0] is 1.5"),
        (lambda: Batch([0], [0], [NAN]), ValueError, "probabilities[0] is nan"),
        (lambda: draw_batch(TWO, HALF, [0.5, 0.6], 1, RNG), ValueError, "beta", "1.1"),
        (lambda: draw_batch(TWO, HALF, [1.0], 1, RNG), ValueError, "beta has shape (1,)"),
        (lambda: draw_batch(TWO, HALF, ONE, 0, RNG), ValueError, "size is 0"),
        (lambda: draw_batch(TWO, HALF, ONE, 1, 0), TypeError, "rng must be", "int"),
        (lambda: draw_batch(HALF, HALF, ONE, 1, RNG), TypeError, "mdp must be an MDP"),
        (lambda: occupancy_batch(TWO, PI, 1, RNG), ValueError, "pi has shape (4, 3)"),
        (lambda: sample_q(TWO, HALF, [0, 2], [0, 0], RNG), ValueError, "states[1] is 2", "< 2"),
        (lambda: sample_q(TWO, HALF, [0], [5], RNG), ValueError, "actions[0] is 5", "< 2"),
        (lambda: walk(TWO, HALF, 1, 0, RNG), ValueError, "n_steps is 0"),
        (lambda: walk(TWO, HALF, 2.5, 1, RNG), TypeError, "n_walkers must be an integer"),
        (lambda: walk(TWO, HALF, 1, 1, RNG).returns(NAN), ValueError, "gamma is nan"),
        (lambda: estimate(BATCH, HALF, HALF, HALF, TVSquared()), ValueError,
         "batch.states[1] is 2", "2 states"),
        (lambda: estimate(BATCH, PI, PI, [1.0], TVSquared()), ValueError, "q has shape (1,)"),
        (lambda: estimate(BATCH, PI, PI, put(PI, (0, 0), NAN), TVSquared()), ValueError, "q[0, 0]"),
        (lambda: estimate(BATCH, PI, PI, PI, TVSquared(), [1, 2]), ValueError,
         "nu_over_beta has shape (2,)"),
        (lambda: estimate(BATCH, PI, PI, PI, 3), TypeError, "drift must be a Drift, found int"),
        (lambda: estimate(3, PI, PI, PI, TVSquared()), TypeError, "batch must be a Batch", "int"),
        (lambda: expected_value(PI, HALF, [PI], np.ones((1, 4))), ValueError, "q has shape (2, 2)"),
        (lambda: expected_value(PI, PI, [PI], np.ones((2, 4))), ValueError, "h has shape (2, 4)"),
        (lambda: ReplayBuffer(0), ValueError, "capacity is 0"),
        (lambda: ReplayBuffer(3).add(BATCH, HALF * 3), ValueError, "pi[0]", "sums to 3"),
        (lambda: ReplayBuffer(3).add(BATCH, HALF), ValueError, "batch.states[1] is 2", "2 states"),
        (lambda: ReplayBuffer(3).add(BATCH, PI), ValueError, "batch.probabilities[0] is 0.5",
         "0.333333"),
        (lambda: ReplayBuffer(3).add("batch", PI), TypeError, "batch must be a Batch", "str"),
        (lambda: ReplayBuffer(3).sample(1, RNG), ValueError, "the buffer is empty"),
        (lambda: filled(Batch([0], [0], [0.5])).sample(0, RNG), ValueError, "size is 0"),
        (lambda: filled(Batch([0], [0], [0.5])).contents("mine"), ValueError,
         "denominator is 'mine'", "'own'"),
        (lambda: SampledUpdate(0, RNG), ValueError, "size is 0"),
        (lambda: SampledUpdate(5, 1), TypeError, "rng must be", "int"),
        (lambda: SampledUpdate(5, RNG, mdp=PI), TypeError, "mdp must be an MDP"),
        (lambda: SampledUpdate(5, RNG, buffer=[]), TypeError, "buffer must be a ReplayBuffer"),
        (lambda: SampledUpdate(5, RNG, denominator="mine"), ValueError, "denominator is 'mine'"),
        (lambda: SampledUpdate(5, RNG, solver=1), TypeError, "solver must be a function", "int"),
        (lambda: empirical_problem(mirror_step(GAME, PI, GPI).problem, BATCH, [1.0]), ValueError,
         "adv has shape (1,)", "(2,)"),
        (lambda: empirical_problem(mirror_step(GAME, PI, GPI).problem, BATCH, [1, NAN]),
         ValueError, "adv[1] is nan"),
        (lambda: empirical_problem(mirror_step(TWO, HALF, GPI).problem, BATCH, [1, 2]),
         ValueError, "batch.states[1] is 2", "2 states"),
        (lambda: sampled_gains(TWO, HALF, GPI, 1, 1, RNG, "all"), ValueError, "values is 'all'"),
        (lambda: sampled_gains(TWO, HALF, GPI, 1, 0, RNG), ValueError, "repeats is 0"),
    ],
    "experiments": [
        (lambda: run("chess", "KL ball", "KL"), ValueError, "game names 'chess'", "'tabular'"),
        (lambda: run("tabular", "ball", "KL"), ValueError, "column names 'ball'", "'KL ball'"),
        (lambda: run("tabular", "KL ball", 3), ValueError, "drift names 3"),
        (lambda: run("tabular", "KL ball", "KL", n_steps=0), ValueError, "n_steps is 0"),
        (lambda: run("tabular", "KL ball", "KL", radius=NAN), ValueError, "radius is nan"),
        (lambda: run("tabular", "KL ball", "KL", scale="50"), TypeError, "factor", "'50'"),
        (lambda: run("tabular", "KL ball", "KL", solver=1), TypeError, "solver must be", "int"),
        (lambda: algorithm("own ball", "zero", radius=-1), ValueError, "radius is -1.0"),
        (lambda: initial_policy(["tabular"]), ValueError, "game names ['tabular']"),
        (lambda: figure3(games=5), TypeError, "games must be a sequence of names", "5"),
        (lambda: figure3(drifts=["KL", None]), ValueError, "drifts names None"),
        (lambda: figure3(columns="KL ball"), TypeError, "columns must be a sequence of names"),
    ],
    "sweep": [
        (lambda: sweep(3, {}), TypeError, "function must be callable, found int"),
        (lambda: sweep(nothing, {"y": [1]}), TypeError, "function does not take", "'y'"),
        (lambda: sweep(nothing, {}), TypeError, "function does not take", "'x'"),
        (lambda: sweep(nothing, [("x", 1)]), TypeError, "axes must be a mapping"),
        (lambda: sweep(nothing, {"x": 1}), TypeError, "axes['x'] must be a sequence", "1"),
        (lambda: sweep(nothing, {"x": "ab"}), TypeError, "axes['x'] must be a sequence", "'ab'"),
        (lambda: sweep(nothing, {"x": []}), ValueError, "axes['x'] is empty"),
        (lambda: sweep(nothing, {1: [1]}), TypeError, "axes[1]", "string"),
        (lambda: sweep(nothing, {"seed": [1]}), ValueError, "axes['seed']", "taken"),
        (lambda: sweep(nothing, {"x": [1, NAN]}), ValueError, "axes['x'][1] is nan"),
        (lambda: sweep(nothing, {"x": [1, [2]]}), TypeError, "axes['x'][1] is a list"),
        (lambda: sweep(nothing, {"x": [1, 2, 1]}), ValueError, "(x=1, seed=0)", "the same"),
        (lambda: sweep(nothing, {"x": {"g": RNG}}), TypeError, "x is a Generator", "no content"),
        (lambda: sweep(nothing, {"x": {"f": lambda: 0}}), TypeError, "x is", "<lambda>"),
        (lambda: sweep(nothing, {"x": {"n": NAN}}), ValueError, "x is nan"),
        (lambda: sweep(lambda x, rng: {}, {"x": [1]}), TypeError, "function is", "<lambda>"),
        (lambda: sweep(nothing, {"x": [1]}, seeds=0), ValueError, "seeds is 0"),
        (lambda: sweep(nothing, {"x": [1]}, seeds=[]), ValueError, "seeds is empty"),
        (lambda: sweep(nothing, {"x": [1]}, seeds=[0, -3]), ValueError, "seeds[1] is -3"),
        (lambda: sweep(nothing, {"x": [1]}, seeds=[1.5]), TypeError, "seeds[0] must be an integer"),
        (lambda: sweep(nothing, {"x": [1]}, seeds=[1, 1]), ValueError, "seed=1", "the same"),
        (lambda: sweep(nothing, {"x": [1]}, n_jobs=0), ValueError, "n_jobs is 0"),
        (lambda: sweep(nothing, {"x": [1]}, n_jobs="2"), TypeError, "n_jobs must be", "'2'"),
        (lambda: learning_curve(GAME, GPI, RNG, n_steps=0), ValueError, "n_steps is 0"),
        (lambda: learning_curve(GAME, GPI, 0), TypeError, "rng must be", "int"),
        (lambda: learning_curve(GAME, None, RNG), TypeError, "algorithm must be", "None"),
        (lambda: learning_curve(GAME, GPI, RNG, start="uniform"), TypeError, "start must be",
         "str"),
    ],
    "counterexamples": [
        (lambda: bandits(0), ValueError, "n_states is 0"),
        (lambda: bandits(2, rewards=[]), ValueError, "rewards has shape (0,)"),
        (lambda: bandits(2, d0=[1.0]), ValueError, "d0 has shape (1,)"),
    ],
    "plots and controls": [
        (lambda: plots.plot_game_values(GAME, [1, 2]), ValueError, "v has shape (2,)", "(4,)"),
        (lambda: plots.plot_game_values(TWO, [1, 2]), ValueError, "mdp has no layout"),
        (lambda: plots.plot_game_values(GAME, [1, 2, 3, NAN]), ValueError, "v[3] is nan"),
        (lambda: plots.plot_game_values(GAME, np.ones(4), limits=(2, 1)), ValueError, "limits"),
        (lambda: plots.plot_learning_curves({"KLOldNew": ([1, NAN], None)}), ValueError, "nan"),
        (lambda: plots.plot_learning_curves({"KLOldNew": ([1, 2], [0])}), ValueError, "(1,)"),
        (lambda: plots.plot_clip([0, 1], [0], [0, 1], (0.8, 1.2)), ValueError, "gain has shape"),
        (lambda: plots.plot_landscape([0, 1], [0], HALF, [0.5], "xy"), ValueError,
         "returns has shape (2, 2)", "(1, 2)"),
        (lambda: plots.to_plane([0.5, 0.5]), ValueError, "p has shape (2,)", "three"),
        (lambda: plots.simplex_grid(0), ValueError, "resolution is 0"),
        (lambda: plots.plot_simplex_step([1, 1, 1]), ValueError, "old", "sums to 3"),
        (lambda: plots.plot_simplex_contours(np.ones(4), [1]), ValueError, "values has shape (4,)"),
        (lambda: plots.plot_simplex_contours(np.ones(6), [INF]), ValueError, "levels[0] is inf"),
        (lambda: plots.plot_simplex_region(np.ones(6)), ValueError, "radius is missing"),
        (lambda: plots.plot_policy_edges([(0, 0), (1, 1)], [(0, 2)]), ValueError, "edges", "2"),
        (lambda: plots.plot_policy_edges([(0, 0), (1, 1)], [(0, 0.5)]), TypeError, "edges", "int"),
        (lambda: plots.plot_sparklines({"GPI": [0, 2]}), ValueError, "GPI", "2.0"),
        (lambda: plots.plot_stars(GAME, [1, 0, 0, 1], None), TypeError, "marked", "int64"),
        (lambda: plots.plot_histogram([], [0, 1]), ValueError, "numbers has shape (0,)"),
        (lambda: plots.plot_bill([0, 1], NAN), ValueError, "budget is nan"),
        (lambda: Range("size", []), ValueError, "'size' has no value"),
        (lambda: Range("size", [1, 5], live=(0, 4, 1)), ValueError, "'size' has 5 outside 0 to 4"),
        (lambda: Choice("game", {"a": 1}, start=3), ValueError, "'game' starts at 3"),
        (lambda: Explorer(print, print, {}, alt="A picture."), ValueError, "one control"),
    ],
}  # fmt: skip
