"""The MCP server as another program's assistant uses it: the real client, over a real process."""

import asyncio
import dataclasses
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from rag import Assistant
from tests.conftest import SECONDS_TO_START, Site

ROOT = Path(__file__).parents[1]
QUESTION = "How many firefighters did Northmere Fire Service employ in 2016?"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def over_stdio(site: Site, use: Callable[[Client], Awaitable[None]], noise: Path | None = None) -> None:
    """Start `citewell mcp` on the site's library and use it."""
    command = [sys.executable, "-c", "import cli; cli.main()", "mcp", "--library", str(site.library.folder)]
    if noise is not None:
        command = [sys.executable, str(noise), *command[3:]]
    server = StdioServerParameters(command=command[0], args=command[1:], env=ENVIRONMENT, cwd=str(ROOT))

    async def run() -> None:
        async with Client(stdio_client(server)) as client:
            await use(client)

    asyncio.run(run())


def structured(result: Any) -> dict[str, Any]:
    assert not result.is_error, result.content
    return dict(result.structured_content)


def test_a_client_lists_the_tools_asks_searches_and_opens(site: Site) -> None:
    async def use(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == {"ask", "search", "open_passage", "list_reports"}
        assert all(tool.description and tool.output_schema for tool in tools)
        asked = await client.call_tool("ask", {"question": QUESTION})
        answer = structured(asked)
        own = json.loads(json.dumps(dataclasses.asdict(Assistant(site.library).ask(QUESTION))))
        assert {**answer, "timings_ms": None} == {**own, "timings_ms": None}
        (citation,) = answer["citations"]
        place = {name: citation[name] for name in ("report_id", "start", "end")}
        opened = structured(await client.call_tool("open_passage", place))
        assert opened["text"] == citation["quote"]
        whole = site.library.text(citation["report_id"])
        around = opened["before"] + opened["text"] + opened["after"]
        assert around in whole
        assert len(around) > len(opened["text"])
        found = structured(await client.call_tool("search", {"query": "firefighters", "k": 3, "years": [2015]}))
        assert {hit["year"] for hit in found["hits"]} == {2015}
        listed = structured(await client.call_tool("list_reports", {"words": "northmere efficiency"}))
        assert listed["count"] == 2
        assert structured(await client.call_tool("list_reports", {}))["count"] == len(site.library.reports())

    over_stdio(site, use)


REFUSED = [
    ("ask", {"question": " "}, "The question is empty"),
    ("ask", {"question": "x" * 3_000}, "2,000 is the most"),
    ("ask", {"question": "How many?", "reports": ["0000000000000000"]}, "No report has the id"),
    ("open_passage", {"report_id": "0000000000000000", "start": 0, "end": 5}, "No report has the id"),
    ("search", {"query": "x", "k": 5_000}, "less than or equal to 50"),
    ("ask", {}, "required"),
]


def test_what_cannot_be_done_comes_back_as_a_sentence(site: Site) -> None:
    report_id = site.library.reports()[0].report_id
    outside = ("open_passage", {"report_id": report_id, "start": 0, "end": 9_999_999}, "there is no place from")

    async def use(client: Client) -> None:
        for tool, arguments, words in [*REFUSED, outside]:
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert words in result.content[0].text
            assert "Traceback" not in result.content[0].text

    over_stdio(site, use)


def test_what_a_library_prints_does_not_break_the_protocol(site: Site, tmp_path: Path) -> None:
    noisy = tmp_path / "noisy.py"
    noisy.write_text(
        "import os, threading, time\n"
        "import cli\n"
        "def shout():\n"
        "    time.sleep(4)\n"
        "    for _ in range(20):\n"
        "        print('noise'); os.system('echo noise'); time.sleep(0.1)\n"
        "threading.Thread(target=shout, daemon=True).start()\n"
        "cli.main()\n"
    )

    async def use(client: Client) -> None:
        until = time.monotonic() + 8
        while time.monotonic() < until:
            assert "398" in structured(await client.call_tool("ask", {"question": QUESTION}))["text"]

    over_stdio(site, use, noisy)


def test_a_client_asks_over_http_and_a_foreign_name_is_refused(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "import cli; cli.main()", "mcp", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--library", str(site.library.folder)], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}/mcp"
    try:
        until = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                assert time.monotonic() < until and process.poll() is None, "the server did not start"
                time.sleep(0.1)

        async def run() -> None:
            async with Client(streamable_http_client(address)) as client:
                assert "398" in structured(await client.call_tool("ask", {"question": QUESTION}))["text"]

        asyncio.run(run())
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        accepts = {"accept": "application/json, text/event-stream"}
        foreign = httpx.post(address, json=body, headers={**accepts, "host": "evil.example"}, timeout=20)
        assert foreign.status_code in (403, 421)
        foreign = httpx.post(address, json=body, headers={**accepts, "origin": "http://evil.example"}, timeout=20)
        assert foreign.status_code == 403
    finally:
        process.terminate()
        out, _ = process.communicate(timeout=30)
    assert out == b""


def test_the_tools_have_no_library_to_serve_where_there_is_none(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import cli; cli.main()", "mcp", "--library", str(tmp_path / "none")],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "There is no library" in done.stderr
    assert done.stdout == ""
