"""Find what in a document is addressed to a language model, or hidden from a reader: it is never evidence, and never
shown to a model.

Reports tell people what to do, in words of their own ("the force should improve"). What is found here speaks of the
answer, the prompt or the other documents, talks to an assistant, imitates a conversation, or hides.
"""

import re
from dataclasses import dataclass

from index.sentences import sentence_spans

REMOVED = "[words removed: an instruction in a document]"

_ADDRESSED = (
    r"\b(?:ignore|disregard|forget|override|bypass|skip|overlook)\b.{0,40}\b(?:instruction|prompt|rule|guideline"
    r"|passage|document|source|report|context|above|previous|prior|earlier|everything|figure)s?\b"
    r"|\b(?:system|developer|hidden|initial)\s+(?:prompt|message|instruction)s?\b|\bprompt injection\b|\bjailbreak"
    r"|\b(?:you are|act as|pretend (?:to be|you)|role[- ]?play|from now on|as an? (?:ai|assistant|language model))\b"
    r".{0,30}\b(?:ai|assistant|model|bot|chatbot|llm|expert|answer\w*|reply|respond)\b"
    r"|\b(?:ai|language model|llm|chatbot|assistant|chatgpt|gpt|claude|gemini)s?\b.{0,40}"
    r"\b(?:must|should|shall|please|need to|are to|have to|reading this|processing|will (?:answer|say|reply))\b"
    r"|\b(?:attention|note to|dear|hey|hello|message (?:for|to)|instructions? (?:for|to))\b.{0,20}"
    r"\b(?:ai|assistants?|language models?|models?|llms?|chatbots?|summari[sz]ers?)\b"
)
_OF_THE_ANSWER = (
    r"\b(?:answer|reply|respond|conclude|say|state|tell|output|print|write|repeat|insist|claim|mention|include"
    r"|append|add|insert|use|give|return|quote)\b.{0,40}\b(?:the (?:user|reader|question|answer)|your (?:answer|reply"
    r"|response|output|summary)|(?:every|each|any|all) (?:answer|reply|response|question)s?|with only"
    r"|only (?:with|the|that|this)|instead of|verbatim|word for word)\b"
    r"|\b(?:if|when(?:ever)?) (?:you are |you’re |you're )?(?:asked|questioned|queried|anyone asks|someone asks"
    r"|(?:a|the) user asks)\b"
    r"|\b(?:do not|don['’]t|never|must not) (?:tell|mention|reveal|cite|quote|use|trust|answer|rely|show|disclose"
    r"|warn)\b.{0,50}\b(?:user|reader|passage|source|report|figure|answer|above|other|this|anything|prompt)s?\b"
    r"|\b(?:cite|quote|refer to|link to|attribute)\b.{0,30}\b(?:this (?:passage|sentence|paragraph|page|document|text)"
    r"|as (?:the )?(?:source|evidence|proof)|\[\d+\]|P\d+\b|instead)"
    r"|\b(?:the )?(?:true|real|actual|correct(?:ed)?|right|proper|only valid|authoritative) "
    r"(?:figure|number|value|answer|grade|judg(?:e)?ment|rating|amount|total|percentage|count|result)s?\b"
    r".{0,60}?(?:\b(?:is|are|was|were|reads?|equals?|should be|must be)\b|:|=)"
    r"|\b(?:all |any |the )?(?:other|above|previous|preceding|earlier|remaining|official|printed) "
    r"(?:figures?|numbers?|passages?|sources?|documents?|reports?|values?|statements?|grades?)\b"
    r".{0,30}\b(?:is|are|was|were)\b.{0,15}\b(?:wrong|false|fake|outdated|obsolete|invalid|incorrect|void|superseded"
    r"|withdrawn|untrue|lies)\b"
    r"|\b(?:passage|source|citation|quotation)s? (?:\[?P?\d+\]?|ids?)\b.{0,40}\b(?:says?|confirms?|proves?|states?)\b"
    r"|\b(?:confirmed|verified|checked|proven) (?:by|in|from) (?:passage|source|citation|\[)\s?\[?P?\d+"
    r"|\"?(?:statements|quotes|passage|words)\"?\s*:\s*[\[{\"]"
)
_IMITATED = (
    r"(?:^|\n)\s*(?:system|assistant|user|human|ai|developer|tool)\s*:\s"
    r"|<\|[^|>\n]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|user|instructions?|passage|prompt|s)\b[^>\n]*>"
    r"|#{2,}\s*(?:instruction|system|response|user|assistant)s?\b|\bend of (?:the )?(?:passage|document|context"
    r"|data)s?\b.{0,40}\b(?:new|now|instruction|task|begin|question)"
    r"|\b(?:new|updated|revised|real) (?:instruction|task|order|directive|question)s?\s*:|\b(?:important|urgent"
    r"|priority) (?:instruction|order|directive)s?\b|\bBEGIN (?:SYSTEM|INSTRUCTION|PROMPT)"
)
_HIDDEN = (
    r"<!--.*?(?:-->|$)|<\s*(?:script|style|iframe|img|svg|object|embed|span|div|font|p|a|meta|link)\b[^>]*>"
    r"|!\[[^\]]*\]\([^)]*\)|\[[^\]]*\]\(\s*(?:https?|javascript|data|ftp|file):[^)]*\)|\bjavascript:|\bdata:\w+/\w+"
    r"|(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|color\s*:\s*(?:white|#fff))"
    r"|[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
_ORDER = re.compile("|".join((_ADDRESSED, _OF_THE_ANSWER, _IMITATED)), re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(_HIDDEN, re.IGNORECASE | re.DOTALL)
_GAPS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


@dataclass(frozen=True, slots=True)
class Order:
    """A stretch of a text, as (start, end) in it, that is an instruction to a model or hidden from a reader."""

    start: int
    end: int


def find_orders(text: str) -> tuple[Order, ...]:
    """The sentences and lines of `text` that hold an instruction to a model or something hidden, in order.

    After one that breaks off in the middle of its matter (a colon, an opened comment), the next sentence counts too.
    """
    found: list[Order] = []
    hidden = [match.span() for match in _UNSEEN.finditer(text)]
    announced = False
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        plain = _GAPS.sub("", sentence)
        orders = _ORDER.search(plain) is not None or _ORDER.search(re.sub(r"\s+", " ", plain)) is not None
        unseen = any(first < end and last > start for first, last in hidden)
        if orders or unseen or announced:
            found.append(Order(start, end))
        announced = orders and sentence.rstrip().endswith(":")
    return tuple(found)


def without_orders(text: str) -> tuple[str, tuple[tuple[int, int, int], ...]]:
    """The text with each such stretch replaced by a remark, and how places in it map back: for each stretch that was
    kept, its start in the new text, its start in `text`, and its length."""
    parts: list[str] = []
    kept: list[tuple[int, int, int]] = []
    at = length = 0
    for order in (*find_orders(text), None):
        until = len(text) if order is None else order.start
        if until > at:
            kept.append((length, at, until - at))
            parts.append(text[at:until])
            length += until - at
        if order is not None:
            parts.append(REMOVED)
            length += len(REMOVED)
            at = order.end
    return "".join(parts), tuple(kept)
