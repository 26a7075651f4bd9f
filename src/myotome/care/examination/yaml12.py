"""YAML 1.2 core schema, bounded: no, yes, on and dates stay strings; nothing deep, huge or looping."""

from __future__ import annotations

import re
from typing import Any

import yaml

from myotome.errors import CaseError, CaseProblem

MOST_BYTES = 1_000_000
MOST_DEPTH = 12
# Cannot be printed, or mean something to a terminal; tab and line ends may stay.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Core(_Base):  # type: ignore[misc]  # the C loader is untyped
    """The safe loader with the core schema's scalars only, and no key given twice."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012  # PyYAML's own class attribute


_SCALARS = [
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:int", r"[-+]?[0-9]+", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
]
for _tag, _pattern, _first in _SCALARS:
    _Core.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float | bool | None):
            raise _refused(key_node, "a key is a list or mapping. Keys are plain words.")
        if key in found:
            raise _refused(key_node, f"the key '{key}' is given twice. Keep one.")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _integer(loader: Any, node: yaml.ScalarNode) -> int | float:
    # Core schema: 010 is ten, not eight; absurdly long digits become a float rather than stall.
    text = loader.construct_scalar(node)
    return int(text, 10) if len(text) < 20 else float(text)


_Core.add_constructor("tag:yaml.org,2002:map", _mapping)
_Core.add_constructor("tag:yaml.org,2002:int", _integer)


def read(data: bytes) -> Any:
    """The plain value of one YAML document.

    Raises:
        CaseError: not UTF-8, too large, too deep, aliases, several documents, or not YAML; with the line.
    """
    if len(data) > MOST_BYTES:
        raise _problem("file", f"the file is longer than {MOST_BYTES} bytes, the most that is read. Split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _problem(
            "file", f"byte {error.start} is not UTF-8 text. Save the file with the encoding UTF-8."
        ) from None
    try:
        _check_shape(text)
        return yaml.load(text, Loader=_Core)  # noqa: S506  # _Core derives from the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = "file" if mark is None else f"line {mark.line + 1}"
        raise _problem(where, f"not readable as YAML: {error.problem or error.context}. Correct that line.") from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise _problem("file", f"not readable as YAML: {reason}. Save it as plain UTF-8 text.") from None


def _check_shape(text: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Base):
        mark = event.start_mark
        line = 0 if mark is None else mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _problem(f"line {line}", "anchors and aliases (& and *) are not read. Write the value out.")
        if getattr(event, "tag", None):
            raise _problem(f"line {line}", "tags (words that begin with !) are not read. Write the plain value.")
        if isinstance(event, yaml.ScalarEvent) and _UNPRINTABLE.search(event.value):
            raise _problem(f"line {line}", "a value holds a control character. Take it out.")
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _problem(f"line {line}", "a second document starts here. Put one case in each file.")
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
            if depth > MOST_DEPTH:
                raise _problem(f"line {line}", f"nested deeper than {MOST_DEPTH} levels. A case file has four.")
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1


def _refused(node: yaml.Node, text: str) -> CaseError:
    return _problem(f"line {node.start_mark.line + 1}", text)


def _problem(at: str, message: str) -> CaseError:
    return CaseError([CaseProblem(at, message)])
