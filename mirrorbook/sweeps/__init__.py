"""Sweeps: one function over games x algorithms x parameters x seeds, on as many cores as there are.

A sweep is the product of named axes and of seeds.  Each point of it is a `Task`, each task
gives *rows* (`learning_curve` gives one an iteration), a file keeps what is done, and joblib
decides where the tasks run (`sweep`):

    with joblib.parallel_config("loky", n_jobs=2, inner_max_num_threads=1):   # two processes
    with joblib.parallel_config("dask"):                                      # a Dask cluster
    with joblib.parallel_config("ray"):                                       # a Ray cluster
        rows = sweep(learning_curve, {"mdp": ..., "algorithm": ...}, seeds=10, file="runs.jsonl")

A task is known by its content, and so are its random numbers: neither the order in which tasks
run, nor where, nor what else is swept changes its rows.
"""

from .curves import learning_curve
from .running import SweepError, sweep
from .tasks import Task

__all__ = ["SweepError", "Task", "learning_curve", "sweep"]
