"""What `citewell eval` is given: a suite, or the question file of a corpus, told apart by what is in it."""

import json
from dataclasses import dataclass
from pathlib import Path

from index.errors import BadSuite

from .native import native_corpus
from .questions import Corpus, load_corpus, suite_of
from .suite import Suite
from .suite_file import load_suite


@dataclass(frozen=True, slots=True)
class Source:
    """A suite with the documents that it comes with, None where it comes with none."""

    suite: Suite
    documents: Path | None = None


def load_source(path: Path, scratch: Path) -> Source:
    """The suite at `path`: a YAML or JSONL suite; a corpus folder, or its questions.jsonl; a published JSON file of
    SQuAD 2 or TAT-QA. Documents that must be written go under `scratch`. Raises `BadSuite`."""
    if path.is_dir():
        return _of(load_corpus(path, scratch))
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _of(native_corpus(path, _json(path), scratch / "documents"))
    if suffix == ".jsonl" and not _begins_a_suite(path):
        return _of(load_corpus(path.parent, scratch, path.name))
    return Source(load_suite(path))


def _of(corpus: Corpus) -> Source:
    return Source(suite_of(corpus), corpus.documents)


def _begins_a_suite(path: Path) -> bool:
    """Whether the first line is that of a suite; a file that cannot be read is left to the suite's reader to refuse."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            first = json.loads(next((line for line in lines if line.strip()), "{}"))
    except (OSError, ValueError, RecursionError):
        return True
    return isinstance(first, dict) and not (("question" in first and "answers" in first) or "window" in first)


def _json(path: Path) -> object:
    try:
        found: object = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadSuite(f"The questions {path} cannot be read: {error.strerror}. Give another path.") from error
    except (ValueError, RecursionError) as error:
        raise BadSuite(f"{path.name} is not valid JSON ({error}). Give a file of SQuAD 2 or TAT-QA.") from error
    return found
