"""Put a question in other words: reports say "excluded from" where people say "left out of".

What the shipped models do not see as the same, a list of plain paraphrases does: what people say, and what reports say
instead. Either may stand for the other in nearly any sentence; what means the same in one trade only is not among them.
"""

import re
from collections.abc import Iterator

MOST = 4  # other wordings of one question
_INSTEAD = """
left out of, taken out of, removed from, excluded from > excluded from, removed from
leave out > exclude, omit
left out, missed out > excluded, omitted
soon, before long, in the near future > in the short term
in the long run > in the long term
joint work, working together > collaboration, joint working
work together with, work with > collaborate with
working together with, working with > collaborating with
brought in > introduced, implemented
bring in > introduce, implement
set up > established, created
carried out > conducted
carry out > conduct
took part in > participated in
turned down > rejected
put off > postponed, delayed
got rid of > removed, abolished
gave up > abandoned
paid for by > funded by
paid for > funded
made up of > composed of
bought > purchased, acquired
laid off > made redundant
happened > occurred, took place
looked after > cared for
got worse > deteriorated
got better > improved
went up > increased, rose
went down > decreased, fell
cut back > reduced
dealt with > handled, managed
deal with > handle, manage
asked for > requested
shut > closed
bring > yield, deliver
spending > expenditure
yearly > annual
earlier years > prior years
earlier year > prior year
bottom line > net profit, net income
for every thousand people, for every 1,000 people, for every thousand residents > per 1,000 population
shortcomings, faults > weaknesses
worried > concerned
enough > sufficient
"""
_NON = re.compile(r"\bnon-(?P<what>[a-z]{3,}) (?P<noun>[a-z]+)\b", re.IGNORECASE)


def otherwise(question: str) -> tuple[str, ...]:
    """At most MOST other wordings of a question, those with all that can be replaced replaced first."""
    found = list(_changed(question))
    everything = question
    for said, instead in found:
        everything = _replaced(everything, said, instead) if said in everything else everything
    singly = [_replaced(question, said, instead) for said, instead in found]
    return tuple(dict.fromkeys(text for text in (everything, *singly) if text != question))[:MOST]


def _changed(question: str) -> Iterator[tuple[str, str]]:
    """What of the question can be said otherwise, as it stands there, and how."""
    non = _NON.search(question)
    if non is not None:
        yield non.group(), f"{non['noun']} outside the {non['what']}"
    for line in _INSTEAD.strip().splitlines():
        said, instead = (part.split(", ") for part in line.split(" > "))
        for phrase in said:
            match = re.search(rf"(?<![\w-]){phrase}(?![\w-])", question, re.IGNORECASE)
            if match is not None:
                yield from ((match.group(), other) for other in instead if other != phrase)
                break


def _replaced(text: str, said: str, instead: str) -> str:
    return re.sub(rf"(?<![\w-]){re.escape(said)}(?![\w-])", instead, text, count=1)
