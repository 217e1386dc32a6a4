"""`python -m mirrorbook audit`: the tables of the audit, in a terminal."""

import argparse
import sys

from . import audit


def main(arguments=None, statements=audit.STATEMENTS) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : list of str, optional
        Default: those of the command line.
    statements : iterable of Statement, optional
        What is judged. Default: the statements of the paper.

    Returns
    -------
    int
        0 if every row is confirmed, else 1.
    """
    parser = argparse.ArgumentParser(prog="python -m mirrorbook", description=__doc__)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("audit", help="judge every statement of the paper, with numbers")
    command.add_argument(
        "--only", nargs="+", default=(), metavar="TEXT",
        help="statements whose number has TEXT in it (Lemma, “Eq. (9)”), drifts, algorithms",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    try:
        report = audit.report(sys.stderr.isatty(), options.only, statements)
    except audit.NothingChosen as error:
        parser.error(str(error))
    print(report)
    for table in report.failing:
        print(f"\n{table}")
    return 1 if report.failing else 0


if __name__ == "__main__":
    sys.exit(main())
