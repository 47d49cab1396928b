"""The style and the script of the page, from the files under `static/`."""

from functools import cache
from importlib.resources import files

from fastapi import FastAPI, HTTPException, Response

STYLES = ("base.css", "shell.css", "answer.css", "evidence.css", "views.css", "narrow.css")  # later rules win
_STATIC = files(__package__) / "static"


def add_assets(app: FastAPI) -> None:
    """`/citewell.css`, and the modules of the script under `/page/`, of which `main.js` loads the others."""
    modules = {item.name: item.read_text(encoding="utf-8") for item in _STATIC.iterdir() if item.name.endswith(".js")}

    @app.get("/citewell.css")
    def style() -> Response:
        return Response(_style(), media_type="text/css", headers={"cache-control": "no-cache"})

    @app.get("/page/{name}")
    def script(name: str) -> Response:
        if name not in modules:
            raise HTTPException(404, "There is nothing at this address.")
        return Response(modules[name], media_type="text/javascript", headers={"cache-control": "no-cache"})


@cache
def _style() -> str:
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in STYLES)
