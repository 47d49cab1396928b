"""A language model words the answer: what its reports bear out is shown, whatever else it writes is not."""

import json
import re
from collections.abc import Iterator

import pytest

from index.embed import Embedder
from index.library import Library
from index.settings import Settings
from rag import Answer, Assistant, Event
from rag.model.call import LanguageModel
from rag.model.connect import connect
from tests.scripted_model import Failure, Says, Scripted, prompt_of, reply, served

REPORT = """# Northmere Fire Service: efficiency inspection 2016

Published 12 March 2016

This is an inspection of Northmere Fire Service.

## How well does the service use its resources?

In 2016 Northmere Fire Service was judged good at how well it uses its resources.

The service employed 398 firefighters in March 2016. It plans to employ 251 firefighters by 2020.

Three stations closed in 2015 because the lease of their buildings had ended.

## How well does the service understand its risks?

The service visited 6,905 homes in 2016 to check smoke alarms.
"""
HOW_MANY = "How many firefighters did the service employ in March 2016?"
WORDS = "The service employed 398 firefighters in March 2016."
TRUE = ("Northmere Fire Service employed 398 firefighters in March 2016.", [("P1", WORDS)])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("model")
    (folder / "northmere.md").write_text(REPORT, encoding="utf-8")
    with Library.open(folder / "library", embedder=embedder) as opened:
        assert opened.add([folder / "northmere.md"]).added
        yield opened


def assistant_with(library: Library, scripted: Scripted, **settings: object) -> Assistant:
    given = Settings(model_url=scripted.url, model_key="sk-test-4711", **settings)  # type: ignore[arg-type]
    model = connect(given, "openai:scripted")
    quick = LanguageModel(model.chat, model.name, model.limits, sleep=lambda _: None)
    return Assistant(library, model=quick)


def asked(
    library: Library, says: Says, question: str = HOW_MANY, **settings: object
) -> tuple[Answer, Scripted, list[Event]]:
    with served(says) as scripted:
        events = list(assistant_with(library, scripted, **settings).stream(question))
    answer = events[-1].answer
    assert answer is not None
    return answer, scripted, events


@pytest.fixture(scope="module")
def plain(library: Library) -> Answer:
    return Assistant(library).ask(HOW_MANY)


def notes(answer: Answer) -> list[str]:
    return [note.kind for note in answer.notes]


def test_a_statement_that_its_words_bear_out_is_the_answer(library: Library, plain: Answer) -> None:
    answer, scripted, _ = asked(library, lambda _: reply(TRUE))
    assert answer.text == "Northmere Fire Service employed 398 firefighters in March 2016. [1]"
    assert [(f.value, f.check) for f in answer.figures] == [("398", "in_quote")]
    (citation,) = answer.citations
    assert library.text(citation.report_id)[citation.start : citation.end] == citation.quote == WORDS
    assert answer.notes == plain.notes == ()
    assert answer.usage is not None
    assert (answer.usage.calls, answer.usage.tokens_in, answer.usage.tokens_out) == (1, 100, 20)
    assert (answer.usage.statements, answer.usage.kept, answer.usage.dropped) == (1, 1, {})
    assert len(scripted.asked) == 1


FENCED = f"Here is the answer:\n```json\n{reply(TRUE)}\n```\nHope this helps!"
CUT_OFF = reply(TRUE, ("The service plans to employ 251 firefighters by 2020.", [("P1", "x")]))[:-90]


@pytest.mark.parametrize(
    "said", [FENCED, CUT_OFF, json.dumps(json.loads(reply(TRUE))["statements"])], ids=["fenced", "cut", "list"]
)
def test_a_reply_of_another_form_is_read_as_far_as_it_goes(library: Library, said: str) -> None:
    answer, _, _ = asked(library, lambda _: said)
    assert answer.text.startswith("Northmere Fire Service employed 398 firefighters")
    assert "251" not in answer.text


WRONG = {
    "invented figure": reply(("The service employed 412 firefighters in March 2016.", [("P1", WORDS)])),
    "invented quotation": reply(
        ("The service employed 412 firefighters.", [("P1", "The service employed 412 firefighters.")])
    ),
    "wrong id": reply((TRUE[0], [("P77", WORDS)])),
    "no quotation": reply((TRUE[0], [])),
    "another figure": reply(
        ("It plans to employ 251 firefighters by 2020.", [("P1", "It plans to employ 251 firefighters by 2020.")])
    ),
    "a plan told as a fact": reply(
        ("The service employed 251 firefighters.", [("P1", "It plans to employ 251 firefighters by 2020.")])
    ),
    "prose": "The service employed 412 firefighters.",
    "nothing": reply(),
    "broken": '{"statements": [{"quotes": [{"passage": "P1", "words": "The ser',
    "not an object": '"412"',
    "wrong types": '{"statements": [{"quotes": "P1", "text": 412}]}',
    "extra fields": '{"statements": [{"quotes": [{"passage": "P1", "words": "x", "page": 3}], "text": "412"}]}',
    "deep": "[" * 20_000,
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG)
def test_what_is_not_borne_out_gives_way_to_the_plain_answer(library: Library, plain: Answer, said: str) -> None:
    answer, scripted, _ = asked(library, lambda _: said)
    assert (answer.text, answer.figures, answer.citations) == (plain.text, plain.figures, plain.citations)
    assert notes(answer) == ["model"]
    assert len(scripted.asked) == 2, "it is asked to mend its reply, once"
    assert answer.usage is not None and answer.usage.kept == 0


def test_what_failed_is_named_and_a_mended_reply_is_shown(library: Library) -> None:
    replies = iter([WRONG["invented figure"], reply(TRUE)])
    answer, scripted, events = asked(library, lambda _: next(replies))
    assert answer.text.startswith("Northmere Fire Service employed 398 firefighters")
    second = prompt_of(scripted.asked[1])
    assert "The service employed 412 firefighters in March 2016.: a figure is not in its words" in second
    assert answer.usage is not None and (answer.usage.calls, answer.usage.dropped) == (2, {"figure": 1})
    assert [e.step for e in events if e.kind == "step"][-4:] == ["compose", "check", "check", "verify"]


def test_what_cannot_be_told_from_the_plain_answer_is_not_added(library: Library) -> None:
    off_topic = (
        "The service visited 6,905 homes in 2016.",
        [("P2", "The service visited 6,905 homes in 2016 to check smoke alarms.")],
    )
    answer, _, _ = asked(library, lambda _: reply(off_topic, TRUE))
    assert "6,905" not in answer.text and answer.text.startswith("Northmere Fire Service employed 398")


def test_a_grade_is_never_another_than_that_on_record(library: Library) -> None:
    question = "How was the service judged at how well it uses its resources in 2016?"
    words = "In 2016 Northmere Fire Service was judged good at how well it uses its resources."
    wrong, _, _ = asked(library, lambda _: reply(("The service was judged outstanding.", [("P1", words)])), question)
    assert [j.grade for j in wrong.judgments] == ["good"] and notes(wrong) == ["model"]
    right = reply(("In 2016 the service was judged good at how well it uses its resources.", [("P1", words)]))
    answer, _, _ = asked(library, lambda _: right, question)
    assert answer.text.startswith("In 2016 the service was judged good") and notes(answer) == []
    assert [(j.grade, j.check) for j in answer.judgments] == [("good", "in_quote")]


def test_where_the_reports_do_not_say_the_model_is_not_asked(library: Library) -> None:
    answer, scripted, _ = asked(
        library,
        lambda _: reply(("It has 40 helicopters.", [("P1", WORDS)])),
        "How many helicopters does the harbour authority of Eastport own?",
    )
    assert answer.status == "not_in_reports" and scripted.asked == []


def test_the_models_text_comes_unchecked_before_the_checked_answer(library: Library) -> None:
    answer, _, events = asked(library, lambda _: reply(TRUE))
    kinds = [event.kind for event in events]
    assert "unchecked" in kinds
    assert kinds.index("unchecked") < kinds.index("text")
    assert "".join(e.detail for e in events if e.kind == "unchecked") == TRUE[0]
    assert "".join(e.detail for e in events if e.kind == "text") == answer.text


def test_a_follow_up_is_made_standalone_by_the_model_with_nothing_new(library: Library) -> None:
    history = [{"role": "user", "content": HOW_MANY}]
    whole = "How many firefighters does the service plan to employ by 2020?"

    def says(body: dict[str, object], rewritten: str = whole) -> str:
        return rewritten if "Rewrite the last question" in prompt_of(body) else reply()

    with served(says) as scripted:
        answer = assistant_with(library, scripted).ask("And how many does it plan to employ by 2020?", history)
        assert answer.standalone_question == whole
    invented = "How many firefighters does the service plan to employ by 2021?"
    with served(lambda body: says(body, invented)) as scripted:
        answer = assistant_with(library, scripted).ask("And how many does it plan to employ by 2020?", history)
        assert "2021" not in answer.standalone_question


FAILURES = [
    (Failure(401, "Incorrect API key provided: sk-test-4711"), "key", 1),
    (Failure(404, "no such model"), "name", 1),
    (Failure(429, "slow down"), "busy", 3),
    (Failure(503, "overloaded"), "busy", 3),
    (Failure(200, after='{"statements": [{"quotes"'), "", 2),
]


@pytest.mark.parametrize(("failure", "word", "calls"), FAILURES, ids=["401", "404", "429", "503", "broken off"])
def test_when_the_server_fails_the_plain_answer_says_so(
    library: Library, plain: Answer, failure: Failure, word: str, calls: int
) -> None:
    answer, scripted, _ = asked(library, lambda _: failure)
    assert answer.text == plain.text and notes(answer) == ["model"]
    assert word in answer.notes[0].text and "sk-test" not in str(answer)
    assert len(scripted.asked) == calls, "only errors that may pass are tried again"


def test_a_server_that_is_silent_or_gone_does_not_hold_the_answer_up(library: Library, plain: Answer) -> None:
    answer, _, _ = asked(library, lambda _: Failure(503, seconds=2), model_timeout=0.2, model_retries=0)
    assert answer.text == plain.text and "in time" in answer.notes[0].text
    with served(lambda _: reply(TRUE)) as scripted:
        assistant = assistant_with(library, scripted, model_retries=0, model_context=4096)
    gone = assistant.ask(HOW_MANY)
    assert gone.text == plain.text and "cannot be reached" in gone.notes[0].text


def test_a_server_that_takes_no_schema_is_asked_without_one(library: Library) -> None:
    def says(body: dict[str, object]) -> str | Failure:
        return Failure(400, "response_format is not supported") if "response_format" in body else reply(TRUE)

    answer, scripted, _ = asked(library, says)
    assert answer.text.startswith("Northmere Fire Service employed 398") and len(scripted.asked) == 2


def test_a_server_that_keeps_failing_is_left_alone(library: Library) -> None:
    with served(lambda _: Failure(503)) as scripted:
        assistant = assistant_with(library, scripted, model_retries=0)
        answers = [assistant.ask(HOW_MANY) for _ in range(5)]
        assert len(scripted.asked) == 3
    assert "left alone" in answers[-1].notes[0].text


def test_the_limits_of_the_settings_hold(library: Library) -> None:
    answer, scripted, _ = asked(library, lambda _: reply(TRUE), model_budget=512)
    assert scripted.asked == [] and answer.figures[0].value == "398"
    _, scripted, _ = asked(library, lambda _: reply(TRUE), model_tokens=64)
    assert scripted.asked[0].get("max_completion_tokens", scripted.asked[0].get("max_tokens")) == 64


def test_passages_that_do_not_fit_are_left_out_by_rank(library: Library) -> None:
    _, wide, _ = asked(library, lambda _: reply(TRUE), model_context=8000)
    _, narrow, _ = asked(library, lambda _: reply(TRUE), model_context=650, model_tokens=64)
    assert WORDS in prompt_of(narrow.asked[0])
    assert len(prompt_of(narrow.asked[0])) < len(prompt_of(wide.asked[0]))


def test_passages_stand_in_a_fence_that_changes_with_each_question(library: Library) -> None:
    _, first, _ = asked(library, lambda _: reply(TRUE))
    _, second, _ = asked(library, lambda _: reply(TRUE))
    fences = [set(re.findall(r"DATA-[0-9a-f]{8}", prompt_of(s.asked[0]))) for s in (first, second)]
    assert len(fences[0]) == len(fences[1]) == 1 and fences[0] != fences[1]


def test_each_step_around_the_model_is_timed(library: Library) -> None:
    answer, _, _ = asked(library, lambda _: reply(TRUE))
    assert {"prompt", "write", "check", "total"} <= set(answer.timings_ms)


def test_without_a_model_nothing_of_langchain_is_loaded_and_nothing_is_taken(plain: Answer) -> None:
    assert plain.usage is None and plain.notes == ()
