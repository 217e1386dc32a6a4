"""What a sweep has done, as a file to which lines are only ever added.

Each line is one finished task, a JSON object with its `key`, its `task` in words, and its `rows`.
A line counts from its line break on: what an interruption left of one is cut off, and the task is
done again.
"""

import json
import os
from pathlib import Path

from .tasks import Task


def read(path) -> dict[str, list[dict]]:
    """The rows of every finished task; a last line that was only begun is cut off the file.

    Parameters
    ----------
    path : path of a file, which need not exist

    Returns
    -------
    dict
        Key of the task -> its rows.

    Raises
    ------
    ValueError
        Naming the line, if it is none of a sweep.
    """
    path = Path(path)
    if not path.exists():
        return {}
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    # lines end in \n and nowhere else: names may hold other characters that break lines
    lines = whole[:end].split(b"\n")[:-1]
    done = dict(_read_line(line, f"{path}, line {i}") for i, line in enumerate(lines, start=1))
    if end < len(whole):
        if not b'{"key": "'.startswith(whole[end : end + 9]):
            raise ValueError(f"{path}, line {len(lines) + 1} is no record of a sweep")
        os.truncate(path, end)
    return done


def append(lines, task: Task, rows) -> None:
    """Record a finished task.

    Parameters
    ----------
    lines : text file open for appending, or None to record nothing
    task : Task
    rows : list of dict
    """
    if lines is not None:
        record = dict(key=task.key, task=task.labels, rows=rows)
        lines.write(json.dumps(record, ensure_ascii=False) + "\n")
        lines.flush()


def _read_line(line, where):
    try:
        record = json.loads(line)
        return record["key"], record["rows"]
    except (ValueError, TypeError, KeyError):
        raise ValueError(f"{where} is no record of a sweep") from None
