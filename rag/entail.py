"""Ask a local cross-encoder, where the settings name one, whether a statement follows from the words it rests on."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

FOLLOWS_FROM = 0.5  # probability from which a statement counts as following


class Entailment:
    """A cross-encoder in a folder: one trained on entailment, with a label of that name, or one with a single score. It
    is loaded at the first statement; nothing is downloaded."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise ModelUnavailable(
                f"There is no cross-encoder at {folder}: change CITEWELL_MODEL_ENTAILMENT, or unset it."
            )
        self.folder = folder

    def entails(self, words: str, statement: str) -> bool:
        """Whether the statement follows from the words. Raises ModelUnavailable for any other folder."""
        return self.probability(words, statement) >= FOLLOWS_FROM

    def probability(self, words: str, statement: str) -> float:
        """How probably (0 to 1) it follows. Raises as `entails` does."""
        import torch

        scores = self._encoder.predict([(words, statement)], activation_fn=torch.nn.Identity(), convert_to_tensor=True)
        row = scores.reshape(-1).float().cpu()
        if row.numel() == 1:
            return float(torch.sigmoid(row)[0])
        return float(torch.softmax(row, dim=0)[self._label])

    @cached_property
    def _encoder(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder

        try:
            loaded: CrossEncoder = CrossEncoder(str(self.folder), local_files_only=True)
            return loaded
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(
                f"The folder {self.folder} holds no cross-encoder: change CITEWELL_MODEL_ENTAILMENT, or unset it."
            ) from error

    @cached_property
    def _label(self) -> int:
        """The position of the label for entailment."""
        labels = getattr(self._encoder.config, "id2label", None) or {}
        for position, name in labels.items():
            if str(name).lower() in ("entailment", "entails", "supported"):
                return int(position)
        raise ModelUnavailable(
            f"The cross-encoder at {self.folder} has no label “entailment”: "
            "change CITEWELL_MODEL_ENTAILMENT, or unset it."
        )
