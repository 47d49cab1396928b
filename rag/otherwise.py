"""Put a question in other words: reports say "excluded from" where people say "left out of".

What the shipped models do not see as the same, a list of plain paraphrases does. Each of them may stand for another in
nearly any sentence; what means the same in one trade only is not among them.
"""

import re
from collections.abc import Iterator

MOST = 4  # other wordings of one question
_ALIKE = """
left out of, excluded from, removed from, taken out of
leave out, exclude, omit
soon, in the short term, in the near future
in the long run, in the long term
joint work, collaboration, joint working
joint work, collaborative work
work together with, collaborate with
working together with, collaborating with
brought in, introduced
bring in, introduce
set up, established
carried out, conducted
carry out, conduct
took part in, participated in
turned down, rejected
put off, postponed, delayed
got rid of, removed
gave up, abandoned
paid for by, funded by
paid for, funded
made up of, composed of
hired, recruited
bought, purchased, acquired
sold, disposed of
laid off, made redundant
happened, occurred, took place
looked after, cared for
got worse, deteriorated, worsened
got better, improved
bring, yield, deliver
buildings, premises
staff, employees
employees, staff
workers, staff, employees
money, funding
yearly, annual
kids, children
shortcomings, weaknesses
enough, sufficient
"""
_NON = re.compile(r"\bnon-(?P<what>[a-z]{3,}) (?P<noun>[a-z]+)\b", re.IGNORECASE)


def otherwise(question: str) -> tuple[str, ...]:
    """At most MOST other wordings of a question, those with all that can be replaced replaced first."""
    groups = [line.split(", ") for line in _ALIKE.strip().splitlines()]
    found = list(_changed(question, groups))
    everything = question
    for said, instead in found:
        everything = _replaced(everything, said, instead) if said in everything else everything
    singly = [_replaced(question, said, instead) for said, instead in found]
    return tuple(dict.fromkeys(text for text in (everything, *singly) if text != question))[:MOST]


def _changed(question: str, groups: list[list[str]]) -> Iterator[tuple[str, str]]:
    """What of the question can be said otherwise, as it stands there, and how."""
    non = _NON.search(question)
    if non is not None:
        yield non.group(), f"{non['noun']} outside the {non['what']}"
    for group in groups:
        for one in group:
            match = re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", question, re.IGNORECASE)
            if match is not None:
                for other in group:
                    if other != one:
                        yield match.group(), other
                break


def _replaced(text: str, said: str, instead: str) -> str:
    return re.sub(rf"(?<![\w-]){re.escape(said)}(?![\w-])", instead, text, count=1)
