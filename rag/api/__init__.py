"""The HTTP API under /api/v1: the same answers, with the same fields, for programs.

    mount           the application that the page's server mounts        mount.py
    ask             ask, stream, search, compare, timeline               ask.py
    reports         reports, their text, pages, boxes, profile           reports.py
    conversations   what was asked before, kept on the server            conversations.py
    errors          one sentence for every refusal, as JSON              errors.py

docs/api.md says what each route takes and gives; /api/v1/openapi.json says it for programs.
"""
