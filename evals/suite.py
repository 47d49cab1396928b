"""Read an evaluation suite: questions with what the reports are known to say, written by a person.

A suite is one YAML file. Nothing in it is guessed: an unknown field, a number without quotation marks, a repeated
id or key, or an expectation that does not fit the kind of the case is refused, with file, line, case and field.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from index.errors import BadSuite

Kind = Literal["figure", "table_cell", "judgment", "text", "follow_up", "refuse"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
DecimalText = Annotated[str, StringConstraints(pattern=r"^[+-]?[0-9]+(\.[0-9]+)?$")]
Year = Annotated[int, Field(strict=True, ge=1900, le=2100)]

_PROBLEMS_SHOWN = 10


def _not_empty(items: tuple[object, ...]) -> tuple[object, ...]:
    if not items:
        raise ValueError("give at least one")
    return items


_NOT_EMPTY = AfterValidator(_not_empty)  # pydantic's own min_length counts only the items that are valid


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Message(_Strict):
    """A message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: Text


class CaseScope(_Strict):
    """What the person narrowed the question to; empty means everything."""

    years: tuple[Year, ...] = ()
    organisations: tuple[Text, ...] = ()
    reports: tuple[Text, ...] = ()


class ExpectedFigure(_Strict):
    """A known figure. `value` has the printed sign, no thousands separators, and is not multiplied by `scale`.

    `direction` is set where the report gives the sign in words ("a reduction of 1 percent") or the change has one.
    """

    value: DecimalText
    unit: Text | None
    scale: Literal["thousand", "million", "billion"] | None = None
    direction: Literal["increase", "decrease"] | None = None
    subject: Text | None = None
    period: Text | None = None


class ExpectedJudgment(_Strict):
    """A known judgment. `aspect` is the question or area that was graded, "overall" for the report as a whole."""

    grade: Text
    aspect: Text
    year: Year


class Expect(_Strict):
    """What a right answer says: exactly one of the fields is set."""

    figure: ExpectedFigure | None = None
    judgment: ExpectedJudgment | None = None
    any_of: Annotated[tuple[Text, ...], _NOT_EMPTY] | None = None
    all_of: Annotated[tuple[Text | Annotated[tuple[Text, ...], _NOT_EMPTY], ...], _NOT_EMPTY] | None = None
    refuse: Literal[True] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields that are set."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.names) != 1:
            found = " and ".join(self.names) or "none"
            raise ValueError(f"needs exactly one of {', '.join(type(self).model_fields)}; it has {found}")
        return self


class Place(_Strict):
    """A place that proves the answer: a report of that year, in a quotation that contains each of the strings."""

    year: Year
    quote_contains: tuple[Text, ...] = ()


_FITS: dict[Kind, tuple[str, ...]] = {
    "figure": ("figure",),
    "table_cell": ("figure",),
    "judgment": ("judgment",),
    "text": ("any_of", "all_of"),
    "follow_up": ("figure", "judgment", "any_of", "all_of", "refuse"),
    "refuse": ("refuse",),
}


class Case(_Strict):
    """One question with what is expected of the answer. Any one place of `evidence` suffices."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    kind: Kind
    question: Text
    history: tuple[Message, ...] = ()
    scope: CaseScope = CaseScope()
    expect: Expect
    evidence: tuple[Place, ...] = ()
    reason: Text | None = None

    @property
    def answerable(self) -> bool:
        """Whether the reports answer the question."""
        return self.expect.refuse is None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.expect.names[0] not in _FITS[self.kind]:
            fitting = " or ".join(_FITS[self.kind])
            raise ValueError(f"a case of kind {self.kind} expects {fitting}, not {self.expect.names[0]}")
        if self.kind == "follow_up" and not self.history:
            raise ValueError("a case of kind follow_up needs a history")
        if self.answerable and not self.evidence:
            raise ValueError("a case that the reports answer needs evidence: at least one place")
        if self.answerable and self.reason is not None:
            raise ValueError("only a case that expects refuse has a reason")
        return self


class Defaults(_Strict):
    """What holds for every case."""

    organisation: Text


class Suite(_Strict):
    """A whole suite, and `digest`, which changes with any change of meaning in it."""

    suite: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    version: Annotated[int, Field(strict=True, ge=1)]
    description: Text
    defaults: Defaults
    cases: Annotated[tuple[Case, ...], _NOT_EMPTY]

    @property
    def digest(self) -> str:
        """The SHA-256 of the suite's content in hexadecimal, the same however the file is laid out."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


_MODELS: tuple[type[_Strict], ...] = (
    Suite,
    Defaults,
    Case,
    CaseScope,
    Message,
    Expect,
    ExpectedFigure,
    ExpectedJudgment,
    Place,
)


def load_suite(path: Path) -> Suite:
    """The suite in the YAML file at `path`. Raises `BadSuite` with one line for each problem."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadSuite(f"The suite {path} cannot be read: {why}. Give the path of a YAML file.") from error
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        data = None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadSuite(f"{path.name}:{line}: this is not valid YAML ({error.problem}). Mend the line.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadSuite(f"{path.name}: this is not valid YAML ({error}). Mend the file.") from error
    finally:
        loader.dispose()
    if root is None or not isinstance(data, dict):
        raise BadSuite(f"{path.name}:1: a suite begins with suite, version, description, defaults and cases.")
    problems = [*_repeated_keys(path.name, root), *_repeated_ids(path.name, root, data)]
    try:
        suite = Suite.model_validate(data)
    except ValidationError as error:
        problems += [_described(path.name, root, data, e["loc"], e["msg"]) for e in error.errors()]
        raise _refusal(problems) from error
    if problems:
        raise _refusal(problems)
    return suite


def _refusal(problems: list[str]) -> BadSuite:
    more = [f"and {len(problems) - _PROBLEMS_SHOWN} more"] if len(problems) > _PROBLEMS_SHOWN else []
    return BadSuite("\n".join([*problems[:_PROBLEMS_SHOWN], *more]))


def _described(file: str, root: yaml.Node, data: object, loc: tuple[str | int, ...], message: str) -> str:
    """One problem as "file:line: case 'id', field: what is wrong"."""
    node, field, case = root, [], ""
    for step in loc:
        child = _child(node, step)
        if child is None:
            if isinstance(step, str) and _is_field(step):
                field.append(step)
            continue
        node = child
        field.append(str(step))
    if len(loc) > 1 and loc[0] == "cases" and isinstance(loc[1], int):
        case = f"case {_case_id(data, loc[1])}, "
        field = field[2:] or ["the case"]
    return f"{file}:{node.start_mark.line + 1}: {case}{'.'.join(field)}: {message.removeprefix('Value error, ')}"


def _is_field(step: str) -> bool:
    """Whether a step is a field that is missing, rather than pydantic's name for a branch of a union."""
    return any(step in model.model_fields for model in _MODELS)


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


def _repeated_ids(file: str, root: yaml.Node, data: dict[object, object]) -> Iterator[str]:
    cases = data.get("cases")
    if not isinstance(cases, list):
        return
    ids = [case.get("id") if isinstance(case, dict) else None for case in cases]
    counts = Counter(name for name in ids if isinstance(name, str))
    for position, name in enumerate(ids):
        if isinstance(name, str) and counts[name] > 1 and name in ids[:position]:
            yield _described(file, root, data, ("cases", position, "id"), "another case has this id")
