"""Malformed input, in tables: a call, the error it must meet, and what its message must contain.

Pieces are the argument's name, with the index where there is one, the value found, and the reason.
"""
