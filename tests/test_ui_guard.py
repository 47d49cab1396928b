"""What the page's server lets in and gives out: other sites, other names, closed routes, files, sizes."""

import http.client

import pytest

from tests.conftest import Site


def reply(site: Site, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(site.host, timeout=20)
    connection.request(method, path, body=body or None, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize("path", ["/uploads?name=x.md", "/gradio_api/queue/join", "/api/v1/feedback"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_site_cannot_change_anything(site: Site, path: str, headers: dict[str, str]) -> None:
    before = site.library.reports()
    assert reply(site, "POST", path, headers, b"# x").status == 403
    assert site.library.reports() == before


def test_a_name_that_is_pointed_at_this_computer_is_refused(site: Site) -> None:
    assert reply(site, "GET", "/", {"Host": "evil.example"}).status == 421


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://example.com/",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/mcp/",
        "/monitoring",
        "/docs",
    ],
)
def test_routes_that_the_page_does_not_need_are_closed(site: Site, path: str) -> None:
    assert reply(site, "GET", path, {}).status == 404


def test_every_reply_carries_the_security_headers(site: Site) -> None:
    for path in ("/", "/page/main.js", "/config", "/nothing"):
        headers = reply(site, "GET", path, {}).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self'" in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]
        assert "frame-ancestors 'none'" in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_source_file_comes_by_its_id_only_and_never_as_a_page(site: Site) -> None:
    info = next(info for info in site.library.reports() if info.file == "quillford.txt")
    good = reply(site, "GET", f"/source/{info.report_id}", {})
    assert good.status == 200
    assert good.headers["content-type"] == "text/plain; charset=utf-8"
    assert good.headers["content-disposition"] == "inline; filename*=UTF-8''quillford.txt"
    assert "sandbox" in good.headers["content-security-policy"]
    for wrong in ("nothing", "..%2f..%2fetc%2fpasswd", "%2e%2e/library"):
        assert reply(site, "GET", f"/source/{wrong}", {}).status == 404


def test_a_place_outside_the_report_is_refused(site: Site) -> None:
    info = site.library.reports()[0]
    length = len(site.library.text(info.report_id))
    assert reply(site, "GET", f"/evidence/{info.report_id}?start=0&end={length + 1}", {}).status == 404
    assert reply(site, "GET", f"/evidence/{info.report_id}?start=5&end=5", {}).status == 404
    assert reply(site, "GET", f"/evidence/{info.report_id}?start=-1&end=5", {}).status == 422


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(site: Site) -> None:
    assert reply(site, "POST", "/uploads?name=big.pdf", {"Content-Length": str(500 * 1024 * 1024)}).status == 413
