"""Text recognition for pages that are pictures. Needs `citewell[ocr]`; its models come with it, nothing is fetched.

One thread and one line at a time: on busy machines more threads are slower, a page needs half the memory, and the
clock can be looked at between two lines.
"""

import importlib.util
import math
import time
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium

from .pdf_text import LINE_END, Glyph, PageText

_RESOLUTION = 150 / 72  # pixels a point; at 150 to the inch small print is still told apart
_MAX_SIDE = 2_000  # pixels; a page that is larger is drawn smaller
_SURE = 0.6  # mean certainty, weighted by length, below which a page is not taken as read
_MOST_ASKEW = math.radians(10)
_SETTINGS: dict[str, object] = {
    "Global.log_level": "critical",
    "Det.limit_type": "max",
    "Det.limit_side_len": 960,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}

Corners = list[tuple[float, float]]  # of a line's box in points, going round from the top left one


@dataclass(frozen=True, slots=True)
class Deadline:
    """When to stop: seconds of `time.process_time` and of `time.monotonic`."""

    processor: float
    clock: float

    def is_past(self) -> bool:
        return time.process_time() > self.processor or time.monotonic() > self.clock


def is_installed() -> bool:
    """Whether the extra is there."""
    return importlib.util.find_spec("rapidocr") is not None


class Recogniser:
    """Reads pages; the models are loaded at the first one."""

    def __init__(self) -> None:
        self._engine: Any = None

    def page_text(self, page: pdfium.PdfPage, deadline: Deadline) -> PageText | None:
        """The text of a page as if it had been printed as characters; None where none could be made out with some
        certainty, or not in time."""
        from rapidocr import RapidOCR
        from rapidocr.utils.process_img import get_rotate_crop_image

        self._engine = self._engine or RapidOCR(params=_SETTINGS)
        width, height = page.get_size()
        scale = min(_RESOLUTION, _MAX_SIDE / max(width, height, 1.0))
        image = page.render(scale=scale).to_numpy()
        found = self._engine(image, use_det=True, use_cls=False, use_rec=False)
        lines: list[tuple[str, Corners]] = []
        certain = length = 0.0
        for box in found.boxes if found.boxes is not None else ():
            if deadline.is_past():
                return None
            read = self._engine(get_rotate_crop_image(image, box), use_det=False, use_cls=False, use_rec=True)
            text = read.txts[0].strip() if read.txts else ""
            if text:
                lines.append((text, [(x / scale, y / scale) for x, y in box.tolist()]))
                certain += len(text) * float(read.scores[0])
                length += len(text)
        if not lines or certain < _SURE * length:
            return None
        slope = _slope([corners for _, corners in lines])
        upright = [(text, [_turned(x, y, -slope) for x, y in corners]) for text, corners in lines]
        glyphs: list[Glyph] = []
        for text, corners in sorted(upright, key=lambda line: (line[1][0][1], line[1][0][0])):
            glyphs += _spread(text, corners)
        bold = (False,) * len(glyphs)
        return PageText(tuple(glyphs), bold, width, height, hidden=False, turned=False, characters=len(glyphs))


def _slope(boxes: list[Corners]) -> float:
    """The angle, in radians, at which the lines of a page run that was put askew on the scanner."""
    angles = sorted(math.atan2(right[1] - left[1], right[0] - left[0]) for left, right, _, _ in boxes)
    middle = angles[len(angles) // 2]
    return middle if abs(middle) < _MOST_ASKEW else 0.0


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def _spread(text: str, corners: Corners) -> list[Glyph]:
    """The characters of a line, spread evenly over its box, and a line end."""
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = (corners[0][1] + corners[1][1]) / 2, (corners[2][1] + corners[3][1]) / 2
    step = (right - left) / len(text)
    glyphs = [
        Glyph(character, left + at * step, top, left + (at if character == " " else at + 1) * step, bottom)
        for at, character in enumerate(text)
    ]
    return [*glyphs, LINE_END]
