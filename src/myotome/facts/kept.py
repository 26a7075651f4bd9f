"""Tables are read once and kept; a door may store what is kept and bring it back next time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn, TypeVar

Value = TypeVar("Value")

_kept: dict[str, Any] = {}


class Table(dict[str, Value]):
    """A mapping that nobody changes after it was made."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("Fact tables do not change while the program runs. Correct the data file instead.")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Table[Value]], tuple[dict[str, Value]]]:
        return type(self), (dict(self),)


def kept(function: Callable[[], Value]) -> Callable[[], Value]:
    """Call ``function`` at most once; its value can be stored with :func:`snapshot`."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def once() -> Value:
        if name not in _kept:
            _kept[name] = function()
        value: Value = _kept[name]
        return value

    return once


def snapshot() -> dict[str, Any]:
    """Everything read so far, by the name of the function that read it."""
    return dict(_kept)


def restore(values: Mapping[str, Any]) -> None:
    """Bring back a snapshot of the same data edition."""
    for name, value in values.items():
        _kept.setdefault(name, value)
