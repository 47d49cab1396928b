"""Ask the reports: from a question to a checked, cited answer.

    understand   what is asked                        understand.py, history.py, names.py
    scope        which reports it is about            scope.py
    retrieve     passages and statements              retrieve.py, stages.py
    rank         which answers, and how probably      features.py, crops.py, reader.py, opposites.py, decide.py,
                                                       rank.py; search.py for passages
    compose      figures, lists, sentences            choose.py, fit.py, lists.py, subject.py, compose.py;
                                                       consistent.py drops what is about another
                 judgments from the typed record      judge.py
    verify       every figure, grade and year         verify.py
    cite         exact place and twins                cite.py, write.py; nearest.py where the reports do not say
    assistant    the steps in order                   assistant.py; langchain.py for LangChain programs
    timeline     a judgment, or a measure, over years timeline.py; judgment_history.py and aspects.py,
                                                       measure_history.py, measured.py, phrases.py and asserted.py
    compare      a cell an organisation and year      compare.py; axes.py; numbered.py numbers the citations of both

The records are in records.py and grid.py, what the composer hands to the verifier in draft.py. What people see:

    terminal     what the command line prints         terminal.py; grid_commands.py, grid_table.py
    page         HTML of answers and of evidence      render.py, evidence.py
                 turns, views, style and script       web/
                 routes, and who may use them         routes.py, guard.py
    programs     HTTP and MCP                         api/, mcp_server.py
    pictures     PDF pages, boxes of quotations       pages/
    to keep      conversations, and sources since     conversations.py, anchors.py, places.py
    to take away answers and tables as files          export/, profile.py
                 files in, example questions          uploads.py, suggest.py
"""

from typing import TYPE_CHECKING, Any

from .records import Answer, Citation, Event, Hit, Scope

if TYPE_CHECKING:
    from .assistant import Assistant

__all__ = ["Answer", "Assistant", "Citation", "Event", "Hit", "Scope"]


def __getattr__(name: str) -> Any:
    """Load the assistant when it is first used: `import rag` alone loads no library."""
    if name == "Assistant":
        from .assistant import Assistant

        return Assistant
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
