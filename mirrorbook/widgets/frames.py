"""Many drawings that differ little, stored once: templates with slots.

Cut every frame into small words (tags, attribute values, texts).  Frames with the same elements and
as many words share a template: where their words agree it holds the word, where they differ it has
a slot.  A frame is then the number of its template and, for each slot, the number of a value.
"""

import re


def pack(frames: list[str]) -> dict[str, list]:
    """Pack drawings so that what they have alike is stored once.

    Parameters
    ----------
    frames : list of str
        HTML or SVG texts.

    Returns
    -------
    dict
        templates : for each, the texts before, between and after its slots;
        values : the texts that fill slots; frames : for each, `[template, value, value, ...]`.

    Examples
    --------
    >>> pack(["<text x='9'>1</text>", "<text x='9'>2</text>"])["templates"]
    [["<text x='9'>", '</text>']]
    """
    cut = [tuple(re.split(r"([<>'])", frame)) for frame in frames]
    kind_of = [
        (len(words), *re.findall(r"</?\w+", frame))
        for words, frame in zip(cut, frames, strict=True)
    ]
    kinds = {}
    for kind, words in zip(kind_of, cut, strict=True):
        kinds.setdefault(kind, []).append(words)
    slots = {kind: _slots(members) for kind, members in kinds.items()}
    number = {kind: i for i, kind in enumerate(kinds)}
    values = {}
    packed = [
        [number[kind]] + [values.setdefault(words[i], len(values)) for i in slots[kind]]
        for kind, words in zip(kind_of, cut, strict=True)
    ]
    templates = [_template(members[0], slots[kind]) for kind, members in kinds.items()]
    return {"templates": templates, "values": list(values), "frames": packed}


def unpack(packed: dict[str, list], number: int) -> str:
    """The text of one frame: what the page's script does when a control moves."""
    template, *slots = packed["frames"][number]
    first, *rest = packed["templates"][template]
    return first + "".join(
        packed["values"][slot] + text for slot, text in zip(slots, rest, strict=True)
    )


def _slots(frames):
    """The positions at which frames of equal length differ."""
    return [i for i, words in enumerate(zip(*frames, strict=True)) if len(set(words)) > 1]


def _template(words, slots):
    """The texts between the slots."""
    cuts = [-1, *slots, len(words)]
    return ["".join(words[a + 1 : b]) for a, b in zip(cuts, cuts[1:], strict=False)]
