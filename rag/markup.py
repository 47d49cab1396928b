"""Report text as Markdown that shows it and does nothing else."""

import re


def markdown(text: str) -> str:
    """Report text as Markdown that shows it and does nothing else: no markup within a line, no heading, no list."""
    inline = re.sub(r"([\\`*_\[\]<>~])", r"\\\1", text)
    marked = re.sub(r"^(\s*)([-+](?=\s)|#)", r"\1\\\2", inline, flags=re.MULTILINE)
    return re.sub(r"^(\s*\d+)([.)])(?=\s)", r"\1\\\2", marked, flags=re.MULTILINE)
