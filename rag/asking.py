"""What of a question the fit of a figure needs: whose it is, whether a change and which way, a part of which whole."""

import re
from dataclasses import dataclass, replace

from index.records import Figure
from index.terms import terms

from .clauses import FROM
from .retrieve import Evidence
from .understand import Question, earlier_question
from .units import unit_class

CHANGE = re.compile(
    r"\b(?:chang\w*|increas\w*|decreas\w*|reduc\w*|rise[ns]?|rose|fall(?:en)?|fell|gr[eo]w\w*|growth"
    r"|cut|drop\w*|shr[iu]nk|difference|variance|(?:go|goes|going|went|gone|come|came) (?:up|down))\b",
    re.IGNORECASE,
)
ASKS_CHANGE = re.compile(  # in any way, or for what is told by one
    r"\b(?:chang\w*|varia(?:nce|tion)s?|mov(?:e|ed|ement)s?|increas\w*|decreas\w*|ris(?:e[ns]?|ing)|rose|fall\w*|fell"
    r"|gr[eo]w\w*|declin\w*|drop\w*|up|down|more|less|fewer|higher|lower|compar\w*|reduc\w*|improv\w*|wors\w*|better"
    r"|sav\w+|cut\w*|trend|los\w+|gain\w*|shr[iau]nk\w*|by (?:how|what)|differ\w*|develop\w*|shed|happen\w*|become"
    r"|became|year[- ]on[- ]year|climb\w*|jump\w*|surg\w*|expan\w*|narrow\w*|widen\w*|doubl\w*|swing)\b",
    re.IGNORECASE,
)
_ONLY_CHANGE = re.compile(
    r"\bhow (?:many|much) (?:fewer|more|less|higher|lower)\b|\bhow far (?:below|above|behind|short of|beneath)\b"
    r"|\bby (?:how (?:much|many)|what (?:percentage|proportion|amount))\b"
    r"|\bhow far\b(?=.{0,80}\b(?:ris\w+|rose|fall\w*|fell|drop\w*|increas\w*|decreas\w*|declin\w*|gr[eo]w\w*|reduc\w*"
    r"|chang\w*|cut|(?:come|gone?|went) (?:up|down))\b)"
    r"|\bhow (?:did|has|have|does|do|will|would)\b[^?]{2,120}\b(?:changed?|altered?)\s*(?:[?.,]|$"
    r"|(?:since|between|over|from|during|in|by)\b)"
    r"|\bhow many\b[^?]{2,80}?\b(?:lost|lose|losing|shed|gained?)\b(?=[^?]*\b(?:since|compared|between|from|by)\b)"
    r"|\b(?:gap|difference) between\b"
    r"|\b(?:what|which) (?:\w+ )?(?:cut|fall|rise|increase|reduction|drop|growth)\b"
    r"|\bwhat (?:is|was|are|were) the (?:[\w-]+ )?(?:cut|fall|rise|increase|decrease|reduction|drop|growth) in\b"
    r"|^(?:the )?(?:percent(?:age)?(?:[- ]points?)? )?(?:fall|rise|increase|decrease|reduction|drop|change|growth) in\b"
    r"|\bhow much (?:did|does|do|has|have|had|will|would|is|are)\b[^?]{2,90}?\b(?:rise|risen|fall|fallen|drop|dropped"
    r"|increased?|decreased?|declined?|grow|grown|shrink|shrunk|reduced|changed?|(?:go|gone) (?:up|down))\b(?! to\b)",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:increas\w*|rises?|risen|rising|rose|gr[eo]w\w*|growth|how many (?:more|additional|extra)"
    r"|(?:go|goes|going|went|gone|come|came) up)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:decreas\w*|reduc\w*|falls?|fallen|falling|fell|cuts?|drop\w*|shr[iu]nk\w*|how many fewer|declin\w*"
    r"|lose|losing|(?:go|goes|going|went|gone|come|came) down)\b",
    re.IGNORECASE,
)
_CHANGE_OF = re.compile(  # "a reduction in officers of 96"
    r"\b(?:reductions?|increases?|decreases?|rises?|falls?|drops?|cuts?|growth|declines?)\b"
    r"(?:(?!\b(?:is|are|was|were|has|have|had|will|would|total|number|which|that|and|or|from|to|average)\b)[^.;:,]){0,100}"
    r"\bof (?:around |about |approximately |some |over |under |nearly |almost |more than |less than )?$",
    re.IGNORECASE,
)
CHANGED_BY = re.compile(  # "revenue increased $224 million"
    r"\b(?:increas|decreas|declin|dropp|reduc|shr[iau]nk|gr[eo]w|rose|ris|f[ae]ll)\w* (?:by )?"
    r"(?:about |around |approximately |nearly |almost |over |more than |less than |some )?[£$€]?$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(r"\bby up to(?= )", re.IGNORECASE)
_EVENT = re.compile(
    r"\bhow many\b[^?]{2,80}?\b(?:was|were|(?:has|have|had) been|(?:is|are) being|will be|would be|(?:is|are) to be)\s+"
    r"(?:\w+ly\s+)?(?P<verb>(?!employed|based|located|held|owned|kept|used|involved|recorded|needed|required|counted)"
    r"\w+(?:ed|en|ld|ut))\b",
    re.IGNORECASE,
)
_THERE_IS = re.compile(
    r"\b(?:has|have|had|there (?:is|are|was|were)|employs?|owns?|(?:a|the) total of)\s+"
    r"(?:(?:currently|now|about|around|some|nearly|almost|over|just|only|still|a total of|the)\s+)*$",
    re.IGNORECASE,
)
OF_THESE = re.compile(r"\s*of (?:which|whom|them|these|those)\b", re.IGNORECASE)
_ALL_OF_IT = frozenset(terms("total overall net revenue sales turnover workforce"))
_SHARE_WITHIN = re.compile(  # "the proportion of drivers on the night shift" is no share of the night shift
    r"\b(?:proportion|share|percentage)s? of (?P<whole>(?:[\w’'-]+ ){1,4}?)"
    r"(?:(?:who|that) (?:is|are|was|were) )?(?:on|at|assigned|allocated|deployed|working|employed)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\b[^.;:,]{3,60}? and\b", re.IGNORECASE)
_GOES = re.compile(
    r"\b(?:los[est]\w*|remov\w+|shed|sav(?:e[ds]?|ings?)|gain\w*|add(?:s|ed|itional)?|extra|recruit\w*|smaller|bigger)\b",
    re.IGNORECASE,
)
PER = re.compile(r"\bper (?!cent\b|cent\.)\w+|\b(?:a|each) (?:head|resident|person)\b", re.IGNORECASE)
_PART_OF = re.compile(
    r"(?:and )?(?:out )?of (?:the|its|this|that|these|those|all)\b[^,?]{3,80},"
    r"|(?:and )?how (?:much|many) of (?:them|it|(?:the|its|this|that|these|those|their|all)\b[^,?]{3,60}?)"
    r" (?=(?:is|are|was|were|will|would|has|have|had|goes|go|went|comes?|came|did|does|do)\b)",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"what (?:shares?|percentages?|proportions?|percent) of [^,?]{2,80}? (?:is|are|was|were) "
    r"(?P<part>(?!\w+ed\b)[\w’'-]+(?: [\w’'-]+){0,2}?)(?: on average)?"
    r"(?:,? (?:in|at|on|across|as at|by|for)\b[^?]*)?[?.]*$",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|will|projected|expected|forecast|target|by (?:the end|march|april|20)|rise "
    r"to|increase to|reach|down to|up to|left|remaining)\b",
    re.IGNORECASE,
)
_REACHES = re.compile(  # "how many did it grow to" asks for where it came to, and for no change
    r"\b(?:ris(?:e|en|ing)|rose|increas\w*|gr[eo]w\w*|expand\w*|fall(?:en|ing)?|fell|drop\w*|declin\w*|decreas\w*|reduc\w*"
    r"|cut|shr[iu]nk\w*|(?:go|gone|went|come|came) (?:up|down)) to(?=\s*(?:[?.]*$|(?:in|by|at|during|over|as)\b))",
    re.IGNORECASE,
)
_LEAVES = re.compile(  # "from what percentage did it rise"
    r"(?:^|, )(?:and )?from (?:what|which|how (?:many|much))(?: [\w’'-]+){0,3}? (?:did|does|has|have|had|was|were|is)\b"
    r"(?=.*\b(?:ris\w*|rose|increas\w*|gr[eo]w\w*|improv\w*|f[ae]ll\w*|drop\w*|declin\w*|decreas\w*|reduc\w*|gone?|went"
    r"|chang\w*)\b)",
    re.IGNORECASE,
)
_COMES_TO = re.compile(r"\bto\s+(?:(?:about|around|nearly|almost|some|over|a total of)\s+)?[£$€]?$", re.IGNORECASE)
_EARLIER = re.compile(
    r"\b(?:had been|used to|before|previously|originally|initially|started|baseline|to begin with|at "
    r"the (?:start|outset))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a question the fit needs, worked out once. `focus` is the question without what it only takes a part of
    ("of the £9m, how much …"). `other`: another's figure is asked for, not the organisation's own; `change`: a change
    is asked for, in a `direction` if it says which, and nothing else may answer where `only_change`; `per`: a rate per
    something is asked for; `reaches`: where a change came to is asked for ("how many did it grow to"),
    `leaves`: where it began ("from what percentage did it rise")."""

    question: Question
    focus: Question
    other: bool
    own_named: bool
    change: bool
    only_change: bool
    direction: str | None
    per: bool
    reaches: bool
    leaves: bool
    reached: int  # 1 where what is planned or reached is asked for, -1 for what was before, else 0


def asked(question: Question, other: bool, own_named: bool) -> Asked:
    """The question, ready to fit figures to."""
    whole = _PART_OF.match(question.text)
    told = f"{whole.group()} {earlier_question(question.text)}" if whole is not None else ""
    inside = terms(told)
    kept = tuple(t for t in question.terms if t not in inside)
    names = tuple(name for name in question.names if whole is not None and name not in told)
    focus = replace(question, terms=kept, names=names) if whole is not None and (kept or names) else question
    leaves = _LEAVES.search(question.text) is not None
    reaches = not leaves and _REACHES.search(question.text) is not None
    later, earlier = reaches or _LATER.search(question.text) is not None, _EARLIER.search(question.text) is not None
    up, down = _UP.search(question.text) is not None, _DOWN.search(question.text) is not None
    direction = None if up == down or reaches or leaves else "increase" if up else "decrease"
    change = not (reaches or leaves) and (up or down or CHANGE.search(question.text) is not None)
    return Asked(
        question=question,
        focus=focus,
        other=other,
        own_named=own_named,
        change=change,
        only_change=_ONLY_CHANGE.search(question.text) is not None,
        direction=direction,
        per=PER.search(question.text) is not None,
        reaches=reaches,
        leaves=leaves,
        reached=later - earlier,
    )


def is_reached(evidence: Evidence, figure: Figure) -> bool:
    """Whether a sentence gives an amount as what a change came to: "grew to 1,346"."""
    before = _AT_MOST.sub("by", evidence.text[: max(0, figure.start - evidence.start)])
    return evidence.candidate.kind == "sentence" and _COMES_TO.search(before) is not None


def is_left(evidence: Evidence, figure: Figure) -> bool:
    """Whether a sentence gives an amount as what a change began with: "from 28% to 86%"."""
    before = evidence.text[: max(0, figure.start - evidence.start)]
    return evidence.candidate.kind == "sentence" and FROM.search(re.sub(r"[£$€]$", "", before)) is not None


def is_a_change(asked: Asked, evidence: Evidence, figure: Figure) -> bool:
    """Whether a sentence gives an amount as the size of a change ("a reduction in officers of 96"), and what the
    question asks for is none. A percentage of change is told from a share by its fit."""
    if asked.change or asked.only_change or _GOES.search(asked.question.text) is not None:
        return False
    if evidence.candidate.kind != "sentence":
        return False
    if unit_class(figure) in ("percent", "points"):
        return False
    before = _BETWEEN.sub(" ", evidence.text[: figure.start - evidence.start])
    return any(pattern.search(before) for pattern in (_CHANGE_OF, CHANGED_BY))


def is_what_there_is(asked: Asked, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked to how many something happened ("how many were closed"), and a sentence only says how many
    there are."""
    event = _EVENT.search(asked.question.text)
    if event is None or evidence.candidate.kind != "sentence":
        return False
    before, after = evidence.text[: figure.start - evidence.start], evidence.text[figure.end - evidence.start :]
    if any(term in terms(evidence.text) for term in terms(event["verb"])):
        return False
    return _THERE_IS.search(before) is not None or OF_THESE.match(after) is not None


def speaks_of_part(asked: Asked, text: str, organisation: str | None) -> bool:
    """Whether text has a word of what is asked of a whole ("of the £9m, how much is for boats", "what share of the
    boats was painted") besides the name of the `organisation`; true of any text where nothing is asked of a whole."""
    derived = asked.question.derived
    if derived is not None and derived.operation == "share":
        part = tuple(term for term in terms(derived.part) if term not in terms(organisation or ""))
        within = _SHARE_WITHIN.search(text)
        if within is not None and part and part[-1] in terms(within["whole"]):
            return False
        return not part or any(term in terms(text) for term in part)
    said = frozenset(terms(text))
    share = _SHARE.match(asked.question.body)
    if share is not None and (head := terms(share["part"])[-1:]) and head[0] not in said:
        return False  # "police staff" are not spoken of where police officers are
    if asked.focus is asked.question:
        return True
    return any(term in said for term in asked.focus.terms) or any(name in text for name in asked.focus.names)


def speaks_of_whole(question: Question, evidence: Evidence) -> bool:
    """Whether evidence, or what it stands in, has a word of what a share is asked of ("what share of the boats was
    painted"); true where no share is asked for, and of a row of percentages where it is one of all revenue or staff."""
    if question.derived is None or question.derived.operation != "share":
        return True
    whole = terms(question.derived.what)
    percentages = all(unit_class(figure) == "percent" for figure in evidence.figures)
    if evidence.candidate.kind == "row" and percentages and _ALL_OF_IT.issuperset(whole):
        return True
    c = evidence.candidate
    said = frozenset(terms(f"{c.header} {c.passage} {c.meaning}"))
    return not whole or any(term in said for term in whole)
