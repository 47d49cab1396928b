"""What the zip formats of Office have in common: "strict" files under the names that the libraries know."""

import io
import re
import zipfile

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_KNOWN = rb"http://schemas.openxmlformats.org/\1/2006/"


def transitional(data: bytes) -> bytes:
    """The file with the namespaces of the transitional form: strict documents differ in these names alone.
    Raises what `zipfile` does for a damaged file."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        roots = [source.read(name) for name in source.namelist() if name.endswith("_rels/.rels")]
        if not any(_STRICT.search(root) for root in roots):
            return data
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name in source.namelist():
                part = source.read(name)
                archive.writestr(name, _STRICT.sub(_KNOWN, part) if name.endswith((".xml", ".rels")) else part)
        return target.getvalue()
