"""Malformed input meets an error that names the argument, the index, the value and the reason."""

import pytest
from malformed import above, algorithms, models

TABLES = (models, algorithms, above)
CASES = [
    pytest.param(*case[:2], case[2:], id=f"{topic}, {i}")
    for table in TABLES
    for topic, cases in table.TABLE.items()
    for i, case in enumerate(cases)
]


@pytest.mark.parametrize(("call", "error", "pieces"), CASES)
def test_malformed_input_is_named(call, error, pieces):
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    message = str(caught.value)
    missing = [piece for piece in pieces if piece not in message]
    assert not missing, f"{message!r} lacks {missing}"
