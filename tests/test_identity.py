"""When a report was published and which period it covers, as its own text says."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.catalogue import Catalogue, Entry
from index.codec import decode, encode
from index.dates import read_date
from index.embed import Embedder
from index.library import Library
from index.load import load_report
from index.records import Identity
from index.sandbox import ReaderProcess
from index.structure import structure
from rag.web.library import library_list

PROSE = "The crews of Northmere Council were out on the road before seven on each of the days that we went to see them."
SHARED = Path(__file__).parents[1].parent / "shared"
LETTERS = SHARED / "corpora" / "jtai_joint_inspections" / "docs"

Identify = Callable[..., Identity]


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture
def identity(reader: ReaderProcess, tmp_path: Path) -> Identify:
    def identify(*lines: str, name: str = "report.txt") -> Identity:
        path = tmp_path / name
        path.write_text("\n\n".join((*lines, "Depots", PROSE, PROSE)) + "\n", encoding="utf-8")
        return structure(load_report(path, reader=reader)).identity

    return identify


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("27 November 2014", "2014-11-27"),
        ("27th November 2014", "2014-11-27"),
        ("Thursday 27 November 2014", "2014-11-27"),
        ("November 27, 2014", "2014-11-27"),
        ("2014-11-27", "2014-11-27"),
        ("November 2014", "2014-11"),
        ("Published: 27/11/2014", "2014-11-27"),
        ("Published 11/27/2014", "2014-11-27"),
        ("Published on 27 Nov 2014", "2014-11-27"),
        ("Published by Wardle Inspectorate, November 27, 2014", "2014-11-27"),
        ("Last updated 2014-11-27", "2014-11-27"),
        ("Date of publication: November 2014", "2014-11"),
        ("Published 05/05/2014", "2014-05-05"),
        ("Published 31 June 2014", "2014-06"),
        ("Published 2014", "2014"),
        ("© Wardle Inspectorate 2014", "2014"),
    ],
)
def test_a_date_of_publication_is_as_exact_as_stated(identity: Identify, line: str, published: str) -> None:
    found = identity("Northmere Council", "An inspection of waste services", line)
    assert (found.published, found.year) == (published, 2014)


@pytest.mark.parametrize(
    ("elsewhere", "published"),
    [
        ("", "2015"),
        ("The lamps were seen on 21/03/2015.", "2015-04-03"),
        ("The lamps were seen on 03/21/2015.", "2015-03-04"),
        ("The lamps were seen on 03/21/2015 and on 21/03/2015.", "2015"),
        ("The lamps were seen on 21.03.2015.", "2015"),  # another layout
        ("The lamps cost £300.", "2015-04-03"),
        ("The programme was well organised.", "2015-04-03"),
        ("The program was well organized and cost $300.", "2015"),
        ("The lamps cost £300, or $400.", "2015"),
    ],
)
def test_which_number_is_the_day_is_told_by_the_report_and_never_guessed(
    identity: Identify, elsewhere: str, published: str
) -> None:
    found = identity("Northmere lamps", "Last updated 03/04/2015", "What was seen", elsewhere)
    assert (found.published, found.year) == (published, 2015)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("the 3rd of May 2015", "2015-05-03"),
        ("3-May-2015", "2015-05-03"),
        ("Sept. 3, 2015", "2015-09-03"),
        ("99/99/2015", "2015"),
        ("2015-13-01", "2015"),
        ("in 2015", "2015"),
        ("12015", None),
        ("May", None),
    ],
)
def test_a_date_is_read_no_further_than_it_is_one(text: str, date: str | None) -> None:
    assert read_date(text, text) == date


def test_the_dateline_of_a_cover_is_more_exact_than_its_copyright(identity: Identify) -> None:
    assert identity("Waste review", "November 2014", "© Wardle Inspectorate 2014").published == "2014-11"
    assert identity("Waste review", "November 2013", "© Wardle Inspectorate 2014").published == "2014"


def test_where_the_period_ends_is_no_date_of_publication(identity: Identify) -> None:
    found = identity("Northmere Council", "Accounts for the year ended", "31 March 2014")
    assert (found.year, found.published) == (2014, None)
    assert identity("Waste review", "Inspection dates", "31 March 2014").published is None


def test_when_something_else_was_published_is_no_date_of_publication(identity: Identify) -> None:
    told = "The council follows the guidance that was published in May 2013 on how lamps are to be cleaned at night."
    assert identity("Northmere lamps", told).published is None
    assert identity("Northmere lamps", told, "Last updated 4 June 2015").published == "2015-06-04"


def test_a_year_in_the_title_is_all_that_is_known_of_the_date(identity: Identify) -> None:
    found = identity("Inspection of Northmere 2014")
    assert (found.year, found.published) == (2014, "2014")


def test_a_year_that_a_title_names_as_covered_is_not_that_of_publication(identity: Identify) -> None:
    found = identity("Northmere Council annual report 2013/14")
    assert (found.year, found.published, found.period) == (2014, None, "2013/14")


def test_a_date_field_of_a_page_is_that_of_publication(identity: Identify) -> None:
    body = f"<h1>Inspection of Northmere</h1><p>{PROSE}</p><p>{PROSE}</p>"
    page = f'<html><head><meta name="dc.date" content="2014-11-27T09:30:00Z"></head><body>{body}</body></html>'
    found = identity(page, name="report.html")
    assert (found.year, found.published) == (2014, "2014-11-27")
    text = identity("---\ndate: 2014-11\n---", "# Inspection of Northmere", name="report.md")
    assert (text.year, text.published) == (2014, "2014-11")


def test_the_day_that_a_file_was_made_is_not_the_day_of_publication(reader: ReaderProcess, tmp_path: Path) -> None:
    path = tmp_path / "report.rtf"
    path.write_text(
        r"{\rtf1\ansi{\info{\creatim\yr2014\mo11\dy26}}Inspection of Northmere\par " + PROSE + r"\par}", "ascii"
    )
    found = structure(load_report(path, reader=reader)).identity
    assert (found.year, found.published) == (2014, "2014")


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Northmere crime statistics: 12 months to March 2014", "12 months to March 2014"),
        ("Northmere Council accounts for the year ended 31 December 2018", "year ended 31 December 2018"),
        ("Annual report 2016/17", "2016/17"),
        ("Annual report 2016-17", "2016-17"),
        ("Review of depots, 1 April 2015 to 31 March 2016", "1 April 2015 to 31 March 2016"),
        ("Review of depots, April 2015 – March 2016", "April 2015 – March 2016"),
        ("Report for the quarter ended June 30, 2019", "quarter ended June 30, 2019"),
        ("Northmere waste strategy 2016–2020", "2016–2020"),
        ("Savings report from 2014/15 to 2016/17", "2014/15 to 2016/17"),
        ("Performance report: Q2 2016/17", "Q2 2016/17"),
        ("Annual report for the financial year 2016", "financial year 2016"),
        # None of these says which period is covered.
        ("Inspection of depots 2016", None),
        ("Annual report 2016", None),
        ("Review of progress since 2014/15", None),
        ("Savings report before 2014/15", None),
        ("Inspection report 2016-03", None),
        ("Inspection report 2005-12", None),
        ("Inspection report 2016-03-31", None),
        ("Inspection of depots, 31 March 2016", None),
        ("Report on 2014/15 and the review of 2016/17", None),
        ("Review of flats at £2010/12 a week", None),
    ],
)
def test_the_period_covered_is_the_one_that_the_title_names(identity: Identify, title: str, period: str | None) -> None:
    assert identity(title).period == period


@pytest.mark.parametrize(
    ("lines", "period"),
    [
        (["Inspection dates: 12 to 16 June 2017"], "12 to 16 June 2017"),
        (["Inspection dates", "12–16 June 2017"], "12–16 June 2017"),
        (["Inspection date: 29 January 2024 to 2 February 2024"], "29 January 2024 to 2 February 2024"),
        (["Inspection dates: 4, 5 and 11 May 2017"], "4, 5 and 11 May 2017"),
        (["Dates of inspection: 12.06.2017 – 16.06.2017"], "12.06.2017 – 16.06.2017"),
        (["Fieldwork: March to May 2017"], "March to May 2017"),
        (["Reporting period: 2016/17"], "2016/17"),
        (["For the fiscal year ended December 31, 2018"], "fiscal year ended December 31, 2018"),
        (["For the quarterly period ended September 30, 2019"], "quarterly period ended September 30, 2019"),
        (["52 weeks ended 30 March 2019"], "52 weeks ended 30 March 2019"),
        (["1 April 2015 to 31 March 2016"], "1 April 2015 to 31 March 2016"),
        (["Annual report and accounts 2016/17"], "2016/17"),
        (["Dates of previous inspection: 3 to 7 July 2011"], None),
        (["Review date: May 2018"], None),
        (["Inspection dates: 12 to 16 June 2017", "Inspection dates: 3 to 7 July 2017"], None),
        (["HC 1204, Session 2016-17"], None),
        (["The plan for 2016/17 was met"], None),
        (["June 2017"], None),
        (["Contents", "Outturn 2016/17 4", "Outturn 2016/17"], None),
    ],
)
def test_the_period_covered_is_the_one_that_the_cover_names(
    identity: Identify, lines: list[str], period: str | None
) -> None:
    assert identity("Inspection of Northmere depots", *lines).period == period


@pytest.mark.parametrize(
    ("opening", "period"),
    [
        ("This inspection took place from 23 to 27 May 2022.", "23 to 27 May 2022"),
        ("This joint inspection of depots was carried out on 4 May 2022.", "4 May 2022"),
        ("Our fieldwork for this report took place between March and May 2022.", "between March and May 2022"),
        ("We carried out our fieldwork between 1 and 5 May 2022.", "between 1 and 5 May 2022"),
        (
            "Between 30 May and 3 June 2022, Wardle Inspectorate and others undertook a joint inspection of depots.",
            "between 30 May and 3 June 2022",
        ),
        ("The inspection was held from 23 to 27 May 2022.", "23 to 27 May 2022"),
        ("The previous inspection took place from 23 to 27 May 2016.", None),
        ("A monitoring visit took place from 23 to 27 May 2016.", None),
        ("The review of lamps was carried out from 23 to 27 May 2016.", None),
        ("Between 1 April 2021 and 31 March 2022, the council carried out 300 inspections of lamps.", None),
        ("Between 23 and 27 May 2016, Wardle Inspectorate undertook a review of lamps.", None),
        ("In the 12 months to March 2022 the crews emptied 300 bins, which is more than in the year before.", None),
        ("This inspection was carried out under section 20 of the Depots Act 2004.", None),
        ("Between 30 May and 3 June, Wardle Inspectorate undertook an inspection of depots.", None),
    ],
)
def test_an_opening_says_when_the_work_of_the_report_was_done(
    identity: Identify, opening: str, period: str | None
) -> None:
    assert identity("Inspection of Northmere depots", f"{opening} {PROSE}").period == period


def test_a_table_of_figures_does_not_say_which_period_a_report_covers(identity: Identify) -> None:
    table = "| | 2014/15 |\n|---|---|\n| Bins | 300 |\n| Lamps | 20 |"
    assert identity("# Northmere depots", table, name="report.md").period is None


def _entry(report_id: str, identity: Identity, twins: tuple[str, ...] = ()) -> Entry:
    return Entry(report_id, "a.txt", identity, 1, 9, 1, 1, 0, 0, "0" * 64, "0" * 64, "text/plain", (), "", twins)


def test_twins_lend_each_other_date_and_period() -> None:
    first = _entry("a" * 8, Identity("Review", None, None, 2014, None, None, "2014-11-27", None))
    second = _entry("b" * 8, Identity("review", None, None, None, None, None, None, "2013/14"), ("a" * 8,))
    alone = _entry("c" * 8, Identity("Other", None, None, None, None))
    catalogue = Catalogue({entry.report_id: entry for entry in (first, second, alone)})
    for report_id in ("a" * 8, "b" * 8):
        info = catalogue.report(report_id)
        assert info is not None
        assert (info.year, info.published, info.period) == (2014, "2014-11-27", "2013/14")
    other = catalogue.report("c" * 8)
    assert other is not None and (other.published, other.period) == (None, None)


def test_the_chat_page_lists_the_date_of_publication_or_the_year() -> None:
    dated = _entry("a" * 8, Identity("Review", None, None, 2014, None, None, "2014-11-27"))
    before = _entry("b" * 8, Identity("Other", None, None, 2015, None))
    shown = library_list(Catalogue({entry.report_id: entry for entry in (dated, before)}).reports())
    assert "<small>2014-11-27 " in shown and "<small>2015 " in shown


def test_a_date_is_not_lent_to_a_report_of_another_year() -> None:
    first = _entry("a" * 8, Identity("Review", None, None, 2014, None, None, "2014-11-27"))
    middle = _entry("b" * 8, Identity("Review", None, None, None, None), ("a" * 8, "c" * 8))
    last = _entry("c" * 8, Identity("Review", None, None, 2015, None))
    info = Catalogue({entry.report_id: entry for entry in (first, middle, last)}).report("c" * 8)
    assert info is not None and (info.year, info.published) == (2015, None)


def test_a_library_made_before_dates_were_read_still_opens(
    library: Library, embedder: Embedder, write_report: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_before(record: object) -> str:
        stored = json.loads(encode(record))
        for added in ("published", "period"):
            del stored["entry"]["identity"][added]
        return json.dumps(stored)

    with monkeypatch.context() as patch:
        patch.setattr("index.catalogue.encode", as_before)
        library.add([write_report()])
    library.close()
    with Library.open(library.folder, create=False, embedder=embedder) as opened:
        (info,) = opened.reports()
        assert (info.year, info.published, info.period) == (2016, None, None)


def test_a_stored_identity_comes_back_whole() -> None:
    identity = Identity("Review", None, None, 2014, None, "draft", "2014-11", "2013/14")
    assert decode(Identity, encode(identity)) == identity


def test_shared_reports_say_when_they_were_published(reader: ReaderProcess, shared_reports: Path) -> None:
    found = {path.name[:3]: structure(load_report(path, reader=reader)).identity for path in shared_reports.iterdir()}
    assert {start: identity.published for start, identity in found.items()} == {
        "000": "2016-11",
        "001": "2014-07",
        "002": "2017-11-09",
        "003": "2015-10-20",
        "004": None,
    }
    assert {identity.period for identity in found.values()} == {None}


@pytest.mark.skipif(not LETTERS.is_dir(), reason="the shared inspection letters are not beside the repository")
@pytest.mark.parametrize(
    ("file", "published", "period"),
    [
        ("JTAI_haringey_2009-07-03.pdf", "2009-07-03", None),
        ("JTAI_liverpool_2016-08-03.pdf", "2016-08-02", None),
        ("JTAI_wiltshire_2016-12-16.pdf", "2016-12-16", "between 31 October and 4 November 2016"),
        ("JTAI_kirklees_2022-08-18.pdf", "2022-08-18", "27 June 2022 to 1 July 2022"),
        ("SEND_halton_2024-01-26.pdf", "2024", "20 to 24 November 2023"),
        ("SEND_greenwich_2023-07-11.pdf", "2023", "11 to 19 May 2023"),
    ],
)
def test_an_inspection_letter_says_when_it_was_sent_and_when_the_inspection_was(
    reader: ReaderProcess, file: str, published: str, period: str | None
) -> None:
    found = structure(load_report(LETTERS / file, reader=reader)).identity
    assert (found.published, found.period) == (published, period)


@pytest.mark.parametrize(
    ("title", "organisation"),
    [
        ("# Wardle Cell Therapies – 2019 annual report (extracts)", "Wardle Cell Therapies"),
        ("# Wardle International SA – 2019 annual report", "Wardle International SA"),
        ("# Northmere – Annual Report and Accounts 2018/19", "Northmere"),
        ("# Northmere Foods Plc: annual report 2019", "Northmere Foods Plc"),
        ("# Wardle Bay A/S Annual Report for FY2019", "Wardle Bay A/S"),
        ("# Company – 2019 annual report", None),
        ("# The Group – 2019 annual report", None),
        ("# Our crews and what they did – 2019 annual report", None),
        ("# Financial statements – 2019 annual report", None),
        ("# Some notes on depots – 2019", None),
    ],
)
def test_the_title_of_an_annual_report_names_its_organisation(
    reader: ReaderProcess, tmp_path: Path, title: str, organisation: str | None
) -> None:
    path = tmp_path / "report.md"
    path.write_text(
        f"{title}\n\n## Depots\n\nThe crews were out on the road before seven on each day.\n", encoding="utf-8"
    )
    assert structure(load_report(path, reader=reader)).identity.organisation == organisation


@pytest.mark.parametrize("word", ["Company", "Group", "Board"])
def test_what_stands_for_a_name_is_no_organisation(identity: Identify, word: str) -> None:
    prose = f"The {word} pays its crews on Fridays. This {word} has nine depots. The {word} sold none."
    assert identity("Depots in 2019", prose, prose).organisation is None


@pytest.mark.parametrize("suffix", ["Plc", "Incorporated", "AG", "SE", "NV", "AB", "GmbH", "Oyj", "SpA", "ASA"])
def test_a_company_is_known_by_the_end_of_its_name(reader: ReaderProcess, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "report.txt"
    prose = f"Wardle Vans {suffix} pays its crews on Fridays, and the vans of Wardle Vans {suffix} are mended at night."
    path.write_text(f"Vans in 2019\n\n{prose}\n\n{prose}\n", encoding="utf-8")
    assert structure(load_report(path, reader=reader)).identity.organisation == f"Wardle Vans {suffix}"
