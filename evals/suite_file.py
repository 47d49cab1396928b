"""Read a suite from YAML or JSONL, and name each slip with its file, line, case and field.

A JSONL suite has the suite's own fields (suite, version, description, …) in its first line and a case in each other.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import yaml
from pydantic import ValidationError

from index.errors import BadSuite

from .suite import (
    Case,
    CaseScope,
    Defaults,
    Expect,
    ExpectedFigure,
    ExpectedJudgment,
    ExpectedList,
    Message,
    Place,
    Policy,
    Strict,
    Suite,
)

Location = tuple[str | int, ...]

_PROBLEMS_SHOWN = 10
_MODELS: tuple[type[Strict], ...] = (
    Suite,
    Defaults,
    Policy,
    Case,
    CaseScope,
    Message,
    Expect,
    ExpectedFigure,
    ExpectedJudgment,
    ExpectedList,
    Place,
)


class _Lines(Protocol):
    """Where the parts of a file stand."""

    def find(self, loc: Location) -> tuple[int, list[str]]:
        """The line from 1 of the part at `loc`, and the names of the steps that lead to it."""
        ...


def load_suite(path: Path) -> Suite:
    """The suite in the file at `path`. Raises `BadSuite` with one line for each problem."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadSuite(f"The suite {path} cannot be read: {why}. Give the path of a YAML or JSONL file.") from error
    data, lines, problems = (_read_jsonl if path.suffix.lower() == ".jsonl" else _read_yaml)(path.name, text)
    problems = [*problems, *_repeated_ids(path.name, lines, data)]
    try:
        suite = Suite.model_validate(data)
    except ValidationError as error:
        problems += [_described(path.name, lines, data, e["loc"], e["msg"]) for e in error.errors()]
        raise _refusal(problems) from error
    if problems:
        raise _refusal(problems)
    return suite


@dataclass(frozen=True, slots=True)
class _YamlLines:
    root: yaml.Node

    def find(self, loc: Location) -> tuple[int, list[str]]:
        node, names = self.root, []
        for step in loc:
            child = _child(node, step)
            if child is None:
                if isinstance(step, str) and _is_field(step):
                    names.append(step)
                continue
            node = child
            names.append(str(step))
        return node.start_mark.line + 1, names


@dataclass(frozen=True, slots=True)
class _JsonLines:
    root: object
    cases: tuple[int, ...]

    def find(self, loc: Location) -> tuple[int, list[str]]:
        node, names = self.root, []
        for step in loc:
            child = _item(node, step)
            if child is None and (isinstance(step, int) or not _is_field(step)):
                continue
            node = node if child is None else child
            names.append(str(step))
        at = loc[1] if len(loc) > 1 and loc[0] == "cases" else None
        return (self.cases[at] if isinstance(at, int) and at < len(self.cases) else 1), names


def _read_yaml(file: str, text: str) -> tuple[dict[object, object], _Lines, list[str]]:
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        data = None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadSuite(f"{file}:{line}: this is not valid YAML ({error.problem}). Mend the line.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadSuite(f"{file}: this is not valid YAML ({error}). Mend the file.") from error
    finally:
        loader.dispose()
    if root is None or not isinstance(data, dict):
        raise BadSuite(f"{file}:1: a suite begins with suite, version, description and cases.")
    return data, _YamlLines(root), list(_repeated_keys(file, root))


def _read_jsonl(file: str, text: str) -> tuple[dict[object, object], _Lines, list[str]]:
    problems: list[str] = []
    objects: list[dict[object, object]] = []
    numbers: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        repeated: list[str] = []
        try:
            found = json.loads(line, object_pairs_hook=partial(_object, repeated))
        except (ValueError, RecursionError) as error:
            raise BadSuite(f"{file}:{number}: this is not valid JSON ({error}). Mend the line.") from error
        if not isinstance(found, dict):
            raise BadSuite(f"{file}:{number}: a line of a suite is one JSON object.")
        problems += [f"{file}:{number}: {key}: this key is given twice" for key in repeated]
        objects.append(found)
        numbers.append(number)
    if not objects:
        raise BadSuite(f"{file}:1: a suite begins with a line that has suite, version and description.")
    if "cases" in objects[0]:
        problems.append(f"{file}:{numbers[0]}: cases: the cases of a JSONL suite follow, one on each line")
    data = objects[0] | {"cases": objects[1:]}
    return data, _JsonLines(data, tuple(numbers[1:])), problems


def _object(repeated: list[str], pairs: list[tuple[str, object]]) -> dict[str, object]:
    counts = Counter(key for key, _ in pairs)
    repeated += [key for key, count in counts.items() if count > 1]
    return dict(pairs)


def _refusal(problems: list[str]) -> BadSuite:
    more = [f"and {len(problems) - _PROBLEMS_SHOWN} more"] if len(problems) > _PROBLEMS_SHOWN else []
    return BadSuite("\n".join([*problems[:_PROBLEMS_SHOWN], *more]))


def _described(file: str, lines: _Lines, data: object, loc: Location, message: str) -> str:
    """One problem as "file:line: case 'id', field: what is wrong"."""
    line, field = lines.find(loc)
    case = ""
    if len(loc) > 1 and loc[0] == "cases" and isinstance(loc[1], int):
        case = f"case {_case_id(data, loc[1])}, "
        field = field[2:] or ["the case"]
    return f"{file}:{line}: {case}{'.'.join(field)}: {message.removeprefix('Value error, ')}"


def _is_field(step: str) -> bool:
    """Whether a step is a field that is missing, rather than pydantic's name for a branch of a union."""
    return any(step in model.model_fields for model in _MODELS)


def _item(node: object, step: str | int) -> object:
    if isinstance(node, dict):
        return node.get(step)
    return node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None


def _child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value  # type: ignore[no-any-return]
    return None


def _case_id(data: object, position: int) -> str:
    """The id of the case at `position`, or its number from 1 where it has none."""
    case = data["cases"][position] if isinstance(data, dict) else None
    name = case.get("id") if isinstance(case, dict) else None
    return repr(name) if isinstance(name, str) else f"number {position + 1}"


def _repeated_keys(file: str, root: yaml.Node) -> Iterator[str]:
    """YAML would silently take the last of two equal keys, and with it the wrong expectation."""
    pending, seen = [root], set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            pending.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            names: set[str] = set()
            for key, value in node.value:
                if key.value in names and isinstance(key, yaml.ScalarNode):
                    yield f"{file}:{key.start_mark.line + 1}: {key.value}: this key is given twice"
                if isinstance(key, yaml.ScalarNode):
                    names.add(key.value)
                pending.append(value)


def _repeated_ids(file: str, lines: _Lines, data: dict[object, object]) -> Iterator[str]:
    cases = data.get("cases")
    if not isinstance(cases, list):
        return
    ids = [case.get("id") if isinstance(case, dict) else None for case in cases]
    counts = Counter(name for name in ids if isinstance(name, str))
    for position, name in enumerate(ids):
        if isinstance(name, str) and counts[name] > 1 and name in ids[:position]:
            yield _described(file, lines, data, ("cases", position, "id"), "another case has this id")
