"""Formulas as docstrings have them, `sum_a pi(a|s) >= eta*`, as pages show them: Σₐ π(a|s) ≥ η*.

In prose sub- and superscripts become those of the page. Formulas on lines of their own keep their
columns, and their scripts are Unicode's where it has every letter.
"""

import re
from collections import Counter
from unicodedata import combining

GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon theta lambda mu nu pi rho sigma tau chi eta".split(),
        "αβγδεθλμνπρστχη",
        strict=True,
    )
)
SIGNS = {"rho-bar": "ρ̄", "^*": "*", "||": "‖", "sqrt(": "√(", "-/+": "∓", "+-": "±"}
RELATIONS = {"<=": "≤", ">=": "≥", "!=": "≠", "<-": "←", "->": "→"}
LETTER = re.compile(rf"(?<![A-Za-z.])({'|'.join(GREEK)})(?![A-Za-z0-9])")
SUM = re.compile(r"\bsum(?=_)")
MINUS = re.compile(r"(?<=\S) - (?=\S)|(?<![^\s(])-(?=\d)")
TIMES = re.compile(r"(?<=[\d)]) \* (?=[\d(])")
TOGETHER = re.compile(r"\(\S+ [−+/·<=≤≥] \S+\)| (?=[<=≤≥] )")  # no line breaks there

_SIGN = r"[A-Za-z0-9α-ω]"
_BASE = r"(?:(?<!\w)[A-Za-z]|\b(?:max|min|argmax)|[α-ωΣ\u0304]|\w(?=\^)|[)\]](?=\^|_\+))"
_SUB = rf"_(?:{{[^{{}}]*}}|(?:old|new|hist|{_SIGN})(?![A-Za-z])'?|\+)"
_SUP = rf"\^(?:{{[^{{}}]*}}|\([^()]*\)|-?{_SIGN}+|\*)"
SCRIPTS = re.compile(rf"({_BASE})((?:{_SUB}|{_SUP})+)")
SCRIPT = re.compile(rf"{_SUB}|{_SUP}")

LOWERED = str.maketrans(
    "0123456789+-=()aehijklmnoprstuvxβγρχ'", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵪ'"
)
RAISED = str.maketrans("0123456789+-=()inkptT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵏᵖᵗᵀ")
NO_BREAK = "\N{NO-BREAK SPACE}"
CALL = re.compile(r"\w{3,}\([\w, ]*\)")  # of code: its arguments keep their names
STOP = re.compile(r" +(?=[<>]?=|~ )| {2,}")


def relations(text: str) -> str:
    """A text whose relations and arrows are signs."""
    for typed, shown in RELATIONS.items():
        text = text.replace(typed, shown)
    return text


def symbols(text: str) -> str:
    """A text whose letters and signs are the paper's; scripts are left as they are typed."""
    for typed, shown in SIGNS.items():
        text = text.replace(typed, shown)
    text = LETTER.sub(lambda name: GREEK[name[0]], SUM.sub("Σ", text))
    text = TIMES.sub(" · ", relations(text))
    return MINUS.sub(lambda sign: sign[0].replace("-", "−"), text)


def with_scripts(text: str, low, high, plain=str) -> str:
    """A text with symbols, whose scripts `low` and `high` make; the rest is left to `plain`."""
    made, end = "", 0
    for term in SCRIPTS.finditer(text):
        made += plain(text[end : term.end(1)])
        for script in SCRIPT.findall(term[2]):
            made += (low if script[0] == "_" else high)(script[1:])
        end = term.end()
    return made + plain(text[end:])


def _bare(script):
    return script[1:-1] if script[0] in "{(" else script


def _unicode(sign, table):
    def shown(script):
        letters = _bare(script).replace(" ", "").replace("−", "-")
        if all(ord(letter) in table for letter in letters):
            return letters.translate(table)
        ends = (script[0], script[-1]) if script[0] in "{(" else ("", "")
        return in_unicode(_bare(script)).join((sign + ends[0], ends[1]))

    return shown


def in_unicode(text: str) -> str:
    """A formula in which only what Unicode cannot raise or lower is left as it is typed."""
    if CALL.fullmatch(text.strip()):
        return text
    return with_scripts(symbols(text), _unicode("_", LOWERED), _unicode("^", RAISED))


def in_rst(text: str, plain) -> str:
    """Prose as reStructuredText; `plain` escapes what stands between the scripts."""

    def role(name):
        return lambda script: rf"\ :{name}:`{plain(in_unicode(_bare(script)))}`"

    text = TOGETHER.sub(lambda part: part[0].replace(" ", NO_BREAK), symbols(text))
    made = with_scripts(text, role("sub"), role("sup"), plain)
    return re.sub(r"(:su[bp]:`[^`]*`)(?=[^\s\\])", r"\1\\ ", made)


def _width(text):
    return sum(not combining(letter) for letter in text)


def formula(lines: list[str]) -> list[str]:
    """Lines of formulas; what stood in columns still does."""
    stops = Counter(stop.end() for line in lines for stop in STOP.finditer(line))
    return [_in_columns(line, stops) for line in lines]


def _in_columns(line, stops):
    made, end = "", 0
    for stop in STOP.finditer(line):
        if len(stop[0]) > 2 or stops[stop.end()] > 1:
            made += in_unicode(line[end : stop.start()])
            made += " " * (stop.end() - _width(made))
            end = stop.end()
    return made + in_unicode(line[end:])
