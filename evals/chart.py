"""The risk-coverage picture as SVG that stands inside a page."""

from .risk import Curve

_WIDTH, _HEIGHT, _EDGE = 440, 240, 40


def risk_picture(curve: Curve) -> str:
    """An `<svg>` element: coverage to the right, risk upwards; a sentence where no answer has a confidence."""
    if not curve.points:
        return "<p>No answer has a confidence, so there is no curve.</p>"
    most = max(0.05, *(risk for _, risk in curve.points))
    places = [
        (_EDGE + c * (_WIDTH - 2 * _EDGE), _HEIGHT - _EDGE - r / most * (_HEIGHT - 2 * _EDGE)) for c, r in curve.points
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"><title>coverage {c:.1%}, risk {r:.1%}</title></circle>'
        for (x, y), (c, r) in zip(places, curve.points, strict=True)
    )
    bottom, right = _HEIGHT - _EDGE, _WIDTH - _EDGE
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Risk against coverage">'
        f'<path class="axis" d="M{_EDGE},{_EDGE} V{bottom} H{right}"/>'
        f'<polyline points="{path}"/>{dots}'
        f'<text x="{_EDGE - 6}" y="{_EDGE + 4}" text-anchor="end">{most:.0%}</text>'
        f'<text x="{_EDGE - 6}" y="{bottom + 4}" text-anchor="end">0%</text>'
        f'<text x="{_EDGE}" y="{bottom + 16}" text-anchor="middle">0%</text>'
        f'<text x="{right}" y="{bottom + 16}" text-anchor="middle">100%</text>'
        f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 6}" text-anchor="middle">coverage: share of questions answered</text>'
        f'<text x="{_EDGE}" y="{_EDGE - 14}">risk: share of those answers that are wrong</text></svg>'
    )
