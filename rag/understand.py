"""Understand a question on its own: what kind of answer it wants, which unit, which years, whose figure, which words.

Nothing here knows the library; what the library holds is worked in by `scope`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from index.grades import GRADE
from index.numbers import find_numbers
from index.periods import Period, find_periods, years_in
from index.terms import terms

from .across import Across, across_periods
from .derivation import Wanted, derivation, whether
from .reference import periods_of_report, without_annual, without_report
from .wording import SHARE_OF_AMOUNT

Kind = Literal["figure", "judgment", "when", "who", "where", "why", "list", "definition", "words", "yes_no", "other"]
UnitClass = Literal["money", "percent", "points", "duration", "count"]

_FIGURE = re.compile(
    r"\bhow (?:many|much|long|often|large|big|high|low|old|far|few|wide|quickly|fast|soon|deep|heavy"
    r"|satisfied|likely|common)\b|\bby (?:how much|what)\b"
    r"|\b(?:what|which)\b(?:\s+[\w’'-]+){0,5}?\s+"
    r"(?:percentage|percent|per\s?cent|proportion|share|fraction|number|rate|figure|cost|costs|amount"
    r"|value|level|total|sum|price|size|budget|saving|savings"
    r"|slice|part of the|cut in|fall in|rise in|reduction in|increase in|change in|spend|spending"
    r"|expenditure|income|revenue|gap|requirement|population|headcount|vacancy|target time|response "
    r"time|waiting time|(?:useful|depreciable|economic|service) life|threshold|ratio|margin|profit|loss|balance)s?\b"
    r"|\b(?:percentage|proportion|share|number|rate|cost|amount|total|figure|average|count|level"
    r"|value|size) (?:of|for|per)\b"
    r"|\b(?:rate|cost|percentage|average|total|figure|headcount|change|savings?|reserves?|budget"
    r"|expenditure|revenue|income|spend)\??\s*$"
    r"|\bwhat (?:did|does|do|will|would|has|have)\b.{2,80}"
    r"\b(?:cost|save|saved|spend|spent|earn|earned|pay|paid|raise|lose)\b"
    r"|\bbetween what and what\b|\b(?:from|in) what to what\b"
    r"|[%£$€]|\bper (?:head|cent|1,000|100,000)\b|\bpercentage points?\b",
    re.IGNORECASE,
)
_WHICH_MEANS = re.compile(  # "which model was used to value it" asks for no value
    r"\b(?:what|which)(?: [\w’'-]+){0,2}? (?:models?|methods?|methodolog(?:y|ies)|approach(?:es)?|techniques?"
    r"|standards?|polic(?:y|ies)|rules?|formulas?|systems?|tools?|criteri(?:on|a)|principles?|guidance|assumptions?"
    r"|inputs?|process(?:es)?) (?:is|are|was|were|did|do|does|has|have|had)\b",
    re.IGNORECASE,
)
_JUDGMENT = re.compile(
    r"\b(?:judg\w*|grad(?:e|es|ed|ing)(?!\s?\d)|rated|ratings?|verdict|assessed as)\b|\bhow (?:well "
    r")?(?:did|was|were|is|has|have)\b.*\b(?:judged|graded|rated|assessed|do|fare|perform|score)\b"
    r"|\bhow (?:well )?(?:did|do|does) .{1,60}\brate\b|\bhow \w+ (?:did|do|does) .{1,60}\b(?:find"
    r"|consider|judge)\b|\bwhat did .{1,40}\b(?:get|receive|score) .{0,30}\bfor\b",
    re.IGNORECASE,
)
_CONTEXT = re.compile(r"\s\((?=[A-Z])[^()]{15,}\)$")  # the earlier question that a follow-up is completed with
_LEAD = re.compile(
    r"^(?:according to|based on|as stated in|in) [^?]{2,90}?\b(?:report|accounts|review|inspection|audit|letter"
    r"|statement)s?,\s*",
    re.IGNORECASE,
)
GRADES_IN_USE = re.compile(
    r"\b(?:what|which)\b.{0,20}\b(?:grades|ratings|judg(?:e)?ments)\s+"
    r"(?:can|could|may|does|do|are (?:used|possible|available))\b",
    re.IGNORECASE,
)
_GIVE_FIGURE = re.compile(
    r"\b(?:give|tell|show)\s+me\b.{0,60}\b(?:figure|number|percentage|amount|rate)\b", re.IGNORECASE
)
_WHEN = re.compile(
    r"^(?:and\s+)?(?:when\s+(?:was|were|is|are|did|does|do|will|would|has|have|had|can|should|must)"
    r"|since when|by when|until when|when\s*\?*$)\b|\b(?:what|which) (?:(?:last|first|fiscal|financial|calendar) ){0,2}"
    r"(?:year|month|date|dates|day|period)\b|(?:^|, )what (?:is|was|are|were) the (?:[\w-]+ ){0,2}"
    r"(?:years?|dates?|months?) of\b"
    r"|\bby what date\b|\bhow long ago\b|\bfrom when\b|\bdates?\s*\??$|^(?=(?:the )?(?:deadline|due date)s?"
    r" (?!(?:extensions?|miss\w+|pass\w+|costs?|extended)\b|[^?]*\bhow\b))",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"^(?:and\s+)?(?:who|whom|whose)\b"
    r"|\bwhich (?:other |neighbouring |partner |non-\w+ )?(?:two |three |four |five |six )?"
    r"(?:organisations?|forces?|body|bodies|agency|agencies|persons?"
    r"|company|companies|councils?|university|partners?|units?|teams?)\b|\bname of\b"
    r"|^(?=(?:the )?(?:chief|director|chair(?:man|woman|person)?|head|leader|commissioner|auditor|president)\b(?:(?!\b"
    r"(?:is|are|was|were|did|does|do|has|have|had|how|what|when|where|why|pay|salary)\b)[^?])*$)",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"^(?:and\s+)?where\b|\b(?:which|what) (?:place|location|area|town|city|county|region)\b", re.IGNORECASE
)
_WHY = re.compile(
    r"^(?:and\s+)?why\b|\breasons?\b|\bwhat (?:caused|led to|explains|drove|is behind|lies behind)\b|\bhow come\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\b(?:list|name the|which of the)\b|\bareas? for improvement\b|\brecommendations?\b"
    r"|\bwhat (?:are|were) the\b(?=.*s\b)|\bwhich\s+(?:\w+\s+){0,2}\w+s\b(?=.*\b(?:are|were|have|do|did)\b)",
    re.IGNORECASE,
)
_MEANING = re.compile(
    r"\b(?:stand|stands) for\b|\bwhat (?:does|did|do) .{1,80}\b(?:mean|represent)\b|\bdefinition of\b|\bmeaning of\b"
    r"|^what (?:is|are) an? [\w\s'’-]{2,40}\?*$",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"\bdefin(?:e|ed|es|ition)\b|^what is (?:an? |the )?[\w\s'’-]{2,40}\?*$",
    re.IGNORECASE,
)
# What something is like, or how it is done, is told in words, whatever figures stand beside them.
_WORDS = re.compile(
    r"\bwhat (?:does|do|did) .{2,80}\b(?:include|exclude|allow|consist of|comprise|contain|cover|rely on"
    r"|depend on|refer to|require|involve|reflect|relate to)\b"
    r"|\bhow (?:is|are|was|were) (?:the |its |their )?.{2,120}?\b(?:calculated|determined|defined|measured|computed"
    r"|estimated|derived|classified|recogni[sz]ed|accounted for|treated|funded|financed|managed|assessed|recorded)\b"
    r"|\bhow (?:does|do|did) .{2,80}?\b(?:calculate|determine|define|measure|compute|estimate|derive|classify"
    r"|recogni[sz]e|account for|treat|fund|finance|manage|record)\b"
    r"|\bwhat (?!(?:amounts?|costs?|sums?|figures?|numbers?|percentages?|proportions?|shares?|rates?|reserves|grants"
    r"|savings|revenues|profits|fees|funds|earnings|sales|losses|assets|debts|liabilities|dividends|budgets)\b)[a-z]+s"
    r" (?:do|does|did) [^?]{2,60}\b(?:have|hold|face|offer|provide|receive)\b"
    r"|\bwhat (?:is|are|was|were) (?:included|excluded|covered|considered)\b"
    r"|\b(?:what|which) (?!(?:amounts?|costs?|sums?|figures?|numbers?|percentages?|proportions?|shares?)\b)\w+s "
    r"(?:have|has|are|were|is|was) .{0,50}\b(?:included|excluded|covered)\b"
    r"|\bwhat (?:does|do|did) .{2,60}\b(?:think|make|say) (?:of|about|on) (?!how (?:many|much))"
    r"|\bwh(?:at|ich) factors\b|\bwhat was the (?:result|effect|impact|purpose|aim|basis) of\b"
    r"|\brecogni[sz]ed as\?*$",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"^(?:and\s+)?(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should)\b", re.IGNORECASE
)
_UNITS: tuple[tuple[UnitClass, re.Pattern[str]], ...] = (
    ("points", re.compile(r"\bpercentage points?\b", re.IGNORECASE)),
    (
        "percent",
        re.compile(
            r"(?<!\d)(?<!\d )%|(?<!\d )\b(?:percent|per\s?cent|percentages?|proportions?|fraction)\b"
            r"|\b(?:what|which|'s|’s) "
            r"(?:\w+ )?share\b|\bshare of\b|\bwhat (?:slice|part) of\b",
            re.IGNORECASE,
        ),
    ),
    (
        "money",
        re.compile(
            r"[£$€](?!\s?\d)|\b(?:million|billion|many) (?:pounds|dollars|euros)\b|\bhow much (?:money\b"
            r"|(?!of\b).*\b(?:cost|spend|spent|save|saved|savings?|pay|paid|invest|invested|worth"
            r"|raise|raised|fund)\b|.*\bout of (?:its|the|their) budgets?\b)"
            r"|\bwhat (?:did|does|do|will|would|has|have) .{2,60}\b(?:spend|spent|invest|invested) (?:on|in)\b"
            r"|\b(?:what|which) (?:sum|amount|price|cost)\b|\bwhat (?:did|does|do|will|would) .{2,80}\bcost\b"
            r"|\bwhat (?:did|does|do|will|would|has|have) .{2,80}\b(?:pay|paid) (?:out )?for\b",
            re.IGNORECASE,
        ),
    ),
    (
        "duration",
        re.compile(
            r"\bhow (?:long|quickly|soon|far ahead)\b|\b(?:response|waiting) times?\b|\bhow "
            r"(?:many|few) (?:minutes|hours|days|weeks|months|years)\b"
            r"|\bin (?:minutes|hours|days|weeks|months|years)\s*\?"
            r"|\bwhat (?:is|are|was|were) [^?]{0,60}\b(?:useful|depreciable|service|economic) li(?:fe|ves)\b",
            re.IGNORECASE,
        ),
    ),
    ("count", re.compile(r"\bhow (?:many|few)\b|\bnumber of\b|\bheadcount\b", re.IGNORECASE)),
)
# What the answer is likely to be counted in where the question does not say it outright.
_LIKELY: tuple[tuple[UnitClass, re.Pattern[str]], ...] = (
    ("count", re.compile(r"\bper (?:1,000|100,000|10,000|thousand)\b", re.IGNORECASE)),
    (
        "money",
        re.compile(
            r"\b(?:costs?|spen[dt]|spending(?! review)|savings?|saved?|budgets?|reserves?|revenues?|incomes?"
            r"|expenditure|expenses?|prices?|funds?|funding|grants?|invest(?:ed|ment)?|capital|debts?|profits?|loss(?:es)?|earnings"
            r"|depreciation|amorti[sz]ation|ebitda?|impairments?|goodwill|turnover|equity|cash"
            r"|dividends?|assets?|liabilit\w+|fees?|salar\w+|sales|paid|pay|fine[sd]?|owed?|borrow\w*|tax(?:es)?|deficit|surplus)\b"
            r"|\bhow much (?:did|does|do) .{2,40}\bsell\b",
            re.IGNORECASE,
        ),
    ),
    ("percent", re.compile(r"\b(?:rates?|satisf\w+|margin|likel\w+|turnout|vacanc\w+)\b", re.IGNORECASE)),
    (
        "count",
        re.compile(
            r"\bhow (?:big|large) (?:is|was|were|are|will|would)\b.*\b(?:workforce|staff|team|population|fleet|force)\b"
            r"|\b(?:total|whole|size of the) (?:workforce|staff|population)\b",
            re.IGNORECASE,
        ),
    ),
)
_UNIT_NAMED = re.compile(
    r"\bin (?:percent|per cent|percentage points|million|thousand)\b|\bpercentage (?:change|growth"
    r"|increase|reduction|rise|fall)\b|\(%\)",
    re.IGNORECASE,
)
_COMPARATOR = re.compile(
    r"(?<!above )(?<!below )(?<!on )(?<!above the )(?<!below the )\baverage\b|\b(?:national(?:ly)?"
    r"|elsewhere|other (?:forces|councils|authorities|areas|trusts|organisations|companies)|similar "
    r"(?:forces|councils|areas)|peers?|sector|across the country)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:how (?:many|few)|number of|count of|headcount of)\s+((?:[\w’'-]+[\s?.,]*){1,6})", re.IGNORECASE
)
_HOW = frozenset("currently presently actually usually typically annually normally generally roughly only".split())
_MONTHS = "january february march april may june july august september october november december"
_ASKING = frozenset(
    (
        "percentage percent proportion share number numbers figure figures amount value "
        "between before after during since until while must shall might much many often long big "
        "large high low small far few great "
        "most last many each every per give given roughly about approximately exactly ever still yet "
        "also both any some there here "
        "across come comes came go goes went gone get gets got make makes made take takes took taken think thinks "
        "thought look looks looked well "
        "conclude concluded determine determined inspector inspectors "
        "what which who whom whose when where why how many much did does do was were is are has have "
        "had be been the a an of in on at to from by for with and or "
        "tell me give please show state stated report reports say says said according could would should can will "
        + _MONTHS
    ).split()
)
_SENTENCE_WORDS = re.compile(  # words that a question has and a terse fragment ("total workforce, March 2015") has not
    r"\b(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|what|which|who|whose|how|why|when|where"
    r"|name|list|tell|give|define)\b",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(  # "won't" says as little as "will not"
    r"\b(?:wo|ca|sha|do|does|did|is|are|was|were|has|have|had|would|could|should|must|might|need)n?[’']t\b",
    re.IGNORECASE,
)
_COMPARING = frozenset(terms("higher lower highest lowest larger smaller greater more less than"))
_WHICH_YEAR = re.compile(r"\b(?:which|what|how many)(?: of the)?(?: \w+){0,2} (?:years?|periods?)\b", re.IGNORECASE)
_ASKING_TERMS = _ASKING | frozenset(term for word in _ASKING for term in terms(word))
_NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b(?:[A-Z][\w’'-]*[A-Za-z]|[A-Z]{2,})(?:\s+(?:[A-Z][\w’'-]*|of(?=\s[A-Z])))*")


@dataclass(frozen=True, slots=True)
class Question:
    """A standalone question, understood.

    `body` is the text without what only says which report is meant, `terms` are its content terms (stems), `names` the
    text's proper names as written, `years` the years that it asks about, `periods` those stretches of time.
    `report_years` are years that only say which report is meant, since it names others too ("in the 2019 report, how
    many were there in 2018"). `unit` is what the answer should be counted in, None where the question does not say,
    and `likely_unit` what it may well be then; `counted` are the terms of the noun that is counted ("officers" in "how
    many officers"). `references` are numbers that name something ("3" in "Grade 3"). `compared` is true where it asks
    for an average or for others, `across` says what it asks of several periods, and `derived` which figure it asks to
    be worked out.
    """

    text: str
    body: str
    kind: Kind
    unit: UnitClass | None
    likely_unit: UnitClass | None
    terms: tuple[str, ...]
    names: tuple[str, ...]
    years: tuple[int, ...]
    periods: tuple[Period, ...]
    report_years: tuple[int, ...]
    grades: tuple[str, ...]
    compared: bool
    counted: tuple[str, ...]
    references: tuple[str, ...]
    across: Across | None
    derived: Wanted | None


def understand(text: str) -> Question:
    """Understand `text`, a question that needs no history."""
    periods = find_periods(text)
    of_report = periods_of_report(text, periods)
    about = tuple(p for p in periods if p not in of_report)
    body = without_report(text)
    timeless = without_annual(_without(text, periods))
    asked = _CONTEXT.sub("", text)
    begun = _LEAD.sub("", asked)  # "according to the 2019 report, why did it": asks why
    kind = _kind(begun, _without(begun, find_periods(begun)))
    across = across_periods(asked) if kind in ("figure", "when", "other", "list") else None
    if across is not None and across.asks_year:
        kind, periods = "figure", ()  # that of each year is compared, whichever years the question names
    derived = derivation(asked) if kind in ("figure", "definition", "other", "list", "words") else None
    if derived is not None:
        kind = "figure"
    if kind == "yes_no":
        derived = whether(asked)
    unit = next((name for name, pattern in _UNITS if pattern.search(asked)), None)
    unit = None if unit == "percent" and SHARE_OF_AMOUNT.search(asked) is not None else unit
    likely = None if unit is not None else next((name for name, pattern in _LIKELY if pattern.search(asked)), None)
    if kind == "other" and is_fragment(asked) and (unit is not None or likely is not None):
        kind = "figure"
    if (kind != "figure" and unit in ("money", "count")) or (across is not None and across.all_of_them):
        unit = None
    names = tuple(dict.fromkeys(m.group() for m in _NAME.finditer(timeless) if m.group().lower() not in _ASKING))
    stated = _CONTRACTED.sub(" ", without_annual(_without(body, find_periods(body))))
    if across is not None:
        stated = _WHICH_YEAR.sub(" ", stated)
    words = tuple(
        dict.fromkeys(t for t in terms(_without_wanted(stated, kind)) if t not in _ASKING_TERMS and not _is_year(t))
    )
    if across is not None:
        words = tuple(t for t in words if t not in _COMPARING) or words
    return Question(
        text=text,
        body=body,
        kind=kind,
        unit=unit,
        likely_unit=likely,
        terms=words,
        names=names,
        years=tuple(dict.fromkeys(year for period in about for year in period.years)) if of_report else years_in(text),
        periods=tuple(p for p in periods if p not in of_report),
        report_years=tuple(dict.fromkeys(year for period in of_report for year in period.years)),
        grades=tuple(dict.fromkeys(m.group().lower() for m in GRADE.finditer(text))),
        compared=_COMPARATOR.search(text) is not None,
        counted=_counted(asked) if unit == "count" else (),
        references=tuple(n.text for n in find_numbers(timeless) if n.kind in ("reference", "name")),
        across=across,
        derived=derived,
    )


def earlier_question(text: str) -> str:
    """The earlier question that a follow-up is completed with, "" where there is none."""
    found = _CONTEXT.search(text)
    return found.group() if found is not None else ""


def is_fragment(text: str) -> bool:
    """Whether a question is terse, without a verb or a word that asks: "total workforce, March 2015"."""
    return _SENTENCE_WORDS.search(text) is None


def _without(text: str, periods: tuple[Period, ...]) -> str:
    for period in reversed(periods):
        text = f"{text[: period.start]} {text[period.end :]}"
    return text


def _without_wanted(text: str, kind: Kind) -> str:
    """The text without the words that name the kind of thing wanted ("which body"): the answer is one, and seldom says
    so."""
    pattern = {"who": _WHO, "where": _WHERE, "when": _WHEN}.get(kind)
    return text if pattern is None else pattern.sub(" ", text)


def _counted(text: str) -> tuple[str, ...]:
    match = _COUNTED.search(text)
    if match is None or _SENTENCE_WORDS.match(match[1]) is not None:  # "of the boats, how many were sold"
        return ()
    words: list[str] = []
    for word in match[1].split():
        if word.lower().strip("?,.") in {*_ASKING, "than"} and words:
            break
        if word.lower() not in _HOW:
            words.append(word)
    return tuple(t for t in terms(" ".join(words[:4])) if t not in _ASKING_TERMS)


def _is_year(term: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", term) is not None


def _kind(text: str, timeless: str) -> Kind:
    asked = text.strip()
    fragment = re.sub(r"[\s,;.?]+$", "", re.sub(r",\s*,", ",", timeless)).strip(" ,")
    if _WHEN.search(asked):
        return "when"
    if GRADES_IN_USE.search(asked):
        return "list"
    if _GIVE_FIGURE.search(asked):
        return "figure"
    if _JUDGMENT.search(asked) and not re.search(r"^how many\b|^why\b", asked, re.IGNORECASE):
        return "judgment"
    if _WHY.search(asked):
        return "why"
    if re.search(
        r"^(?:and\s+)?how (?:many|much|long|often|large|high|low)\b|\bhow (?:many|much)\b", asked, re.IGNORECASE
    ):
        return "figure"
    if _UNIT_NAMED.search(asked):
        return "figure"
    if _MEANING.search(asked):
        return "definition"
    if _WORDS.search(asked):
        return "words"
    if _WHO.search(asked):
        return "who"
    if _WHERE.search(asked):
        return "where"
    figure = _FIGURE.search(asked) or _FIGURE.search(fragment)
    if figure and not _YES_NO.search(asked) and not _WHICH_MEANS.search(asked):
        return "figure"
    if _LIST.search(asked):
        return "list"
    if _DEFINITION.search(asked):
        return "definition"
    if _YES_NO.search(asked):
        return "yes_no"
    return "other"
