"""Who reports what, for which year: title, body, year, period, dates, legal basis (FORMS, art. 49–50 of the 条例)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache

from extractor.data import load_yaml
from extractor.document import Chapter, Paragraph
from extractor.forms import form_for_year
from extractor.normalize import fold, squeeze
from extractor.report import Agency, Check, Division, Metadata, Period

TITLE_REACH = 15  # paragraphs
_HAN = dict(zip("〇○零Ｏ一二三四五六七八九", "0000123456789", strict=True))
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
_HAN_YEAR = re.compile(r"[二][〇○零Ｏ][〇○零一二三四五六七八九Ｏ]{2}(?=年)")
_PERIOD = re.compile(
    r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日(?:起|开始)?,?(?:至|到|-|~)((?:19|20)\d\d)?年?(\d{1,2})月(\d{1,2})日"
)
_PUBLISHED = re.compile(r"(?:发布|公开|发文|生成|成文)(?:日期|时间):?((?:19|20)\d\d)[-年./](\d{1,2})[-月./](\d{1,2})")
_SIGNED = re.compile(r"^((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日$")
_WORK = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
# a report's title, and right behind it how its first paragraph begins
_RUN_ON = re.compile(
    r"([^。；;>》:：]{6,60}?(?:报告|年报))(?=本报告|本年度报告|根据|依照|依据|按照|遵照|现将|为[了全贯进深]|[一二]、)"
)
_COMPILED = re.compile(r"本报告(?:是|系)?由([^,，。;；]{2,30}?)(?:根据|依据|依照|按照|遵照|参照|组织|编制|编写)")
_LAW = re.compile(r"(条例|办法|规定|通知|格式|意见|法)(?:[)）〉>]?的通知)?$")
_NO_CITY = "市(?:场|政|容)"  # 市场监督管理局: no city
_PLACE = re.compile(
    rf"^.{{1,12}}?(?:省|自治区|自治州|自治县|地区|(?!{_NO_CITY})市(?![镇乡街])(?!(?!{_NO_CITY})市)|州(?!市)|盟|县|区|旗"
    r"|[乡镇](?=人民政府|政府|$)|街道(?=办|$))"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Metadata with what became of the comparison of years."""

    metadata: Metadata
    checks: tuple[Check, ...]
    is_report: bool
    year_conflict: bool


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[str, ...]]:
    raw = load_yaml("titles.yaml")["report_title"]
    return re.compile(f"{raw['subject']}.{{0,16}}{raw['kind']}"), tuple(raw["not_a_report"])


def is_report_title(text: str) -> bool:
    """Whether a line is the title of an annual report (and not of a notice about reports)."""
    pattern, others = _patterns()
    key = squeeze(text)
    return len(key) <= 80 and bool(pattern.search(key)) and not any(o in key for o in others)


def _year_digits(text: str) -> str:
    """Years in Chinese digits (二〇二三年) written in figures."""
    return _HAN_YEAR.sub(lambda m: "".join(_HAN.get(c, c) for c in m.group()), text)


def find_title(paragraphs: list[Paragraph]) -> str | None:
    """The title as printed, its lines joined, among the first paragraphs; one on a single line comes first."""
    lines = [_first_line(p.text.strip()) for p in paragraphs[:TITLE_REACH]]
    for count in (1, 2, 3):
        for index in range(len(lines) - count + 1):
            parts = lines[index : index + count]
            if all(map(_may_be_title, parts)) and _is_title(parts):
                return _with_beginning(lines[:index], "".join(parts))
    return None


def _first_line(text: str) -> str:
    """A paragraph, or the title that it begins with: in scans a title is hardly larger than the text below it."""
    found = _RUN_ON.match(text)
    return found[1] if found else text


def _may_be_title(line: str) -> bool:
    return bool(line) and len(line) <= 80 and not re.search(r"[。；;>》:：]", line)


def _is_title(parts: list[str]) -> bool:
    """Whether lines are the title of a report; on several lines it needs a year, for menus have the other words."""
    text = "".join(parts)
    return is_report_title(text) and (len(parts) == 1 or _title_year(text) is not None)


def _with_beginning(before: list[str], text: str) -> str:
    """The title with the lines above it that begin it: the body, the body's place, or the year."""
    for line in reversed(before[-2:]):
        if not _belongs_to(line, text):
            break
        text = line + text
    return text


def _belongs_to(before: str, text: str) -> bool:
    if not _may_be_title(before) or len(before) > 40 or is_report_title(before):
        return False
    year, name = _title_year(before), _agency_name(text)
    if year is not None:  # 2023年某市某局 | 政府信息公开工作年度报告
        return _title_year(text) is None and not re.search(r"\d", re.sub(r"\d{4}年", "", squeeze(before)))
    if re.search(r"\d", before) or len(before) > 30:
        return False
    placed = _PLACE.match(squeeze(before)) is not None
    return placed or _level(squeeze(before)) is not None if name is None else placed and not _PLACE.match(name)


def _agency(title: str | None, preamble: str) -> Agency:
    name = _agency_name(title) or _compiler(preamble)
    if not name:
        return Agency()
    place = _PLACE.match(name)
    return Agency(name=name, level=_level(name), division=Division(name=place.group() if place else None))


def _level(name: str) -> str | None:
    """The level of a body by how its name ends."""
    levels = load_yaml("titles.yaml")["levels"]
    return next((lv["id"] for lv in levels if any(name.endswith(e) for e in lv["endings"])), None)


def _agency_name(title: str | None) -> str | None:
    """The body a title names: what stands before the year, or between the year and the subject."""
    if not title:
        return None
    text = re.sub(r"[\"()]", "", _year_digits(squeeze(title)))
    text = re.sub(r"^关于", "", text)
    head = re.split(load_yaml("titles.yaml")["report_title"]["subject"], text)[0]
    name = re.sub(r"(?:19|20)\d\d年?(?:年度|度)?", "", head)
    name = re.sub(r"(?:的|关于)?(?:年度)?$", "", name)
    return name or None


def _compiler(preamble: str) -> str | None:
    found = _COMPILED.search(fold(preamble).text)
    return found[1] if found else None


def _period(text: str) -> Period:
    found = _PERIOD.search(text)
    if not found:
        return Period()
    y1, m1, d1, y2, m2, d2 = found.groups()
    return Period(start=_iso(y1, m1, d1), end=_iso(y2 or y1, m2, d2))


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:  # a damaged date (45日) is no date; the text keeps it
        return None


def _legal_basis(text: str) -> list[str]:
    out: list[str] = []
    for found in _WORK.finditer(text):
        title = found[1].strip()
        if _LAW.search(squeeze(title)) and title not in out and not title.startswith("以下简称") and len(title) > 3:
            out.append(title)
    return out


def _published(chapters: list[Chapter]) -> str | None:
    for paragraph in chapters[0].paragraphs[:15] if chapters else []:
        found = _PUBLISHED.search(squeeze(paragraph.text))
        if found:
            return _iso(*found.groups())
    for paragraph in reversed(chapters[-1].paragraphs[-3:] if chapters else []):
        found = _SIGNED.match(squeeze(_year_digits(paragraph.text)))
        if found:
            return _iso(*found.groups())
    return None


def _content_year(period: Period, overview: str, title_year: int | None) -> int | None:
    """The year the content speaks of: that of its period, else the one the overview names most."""
    if period.start and period.end and period.start[:4] == period.end[:4]:
        return int(period.start[:4])
    counts = Counter(int(y) for y in _YEAR.findall(overview))
    if not counts:
        return None
    if title_year is not None and counts[title_year] * 2 >= max(counts.values()):
        return title_year
    year, times = counts.most_common(1)[0]
    return year if times >= 2 or title_year is None else None


def _title_year(title: str | None) -> int | None:
    years = _YEAR.findall(_year_digits(squeeze(title or "")))
    return int(years[0]) if years else None


def read_metadata(chapters: list[Chapter], has_tables: bool) -> Found:
    """The metadata of a report from its chapters; forms of the tables are filled in by the caller."""
    paragraphs = [p for c in chapters[:2] for p in c.paragraphs]
    title = find_title(paragraphs)
    texts = {c.id: _year_digits(squeeze(c.text)) for c in chapters if c.id in ("preamble", "overview")}
    preamble, overview = texts.get("preamble", ""), texts.get("overview", "")
    period = _period(preamble + overview)
    title_year = _title_year(title)
    content_year = _content_year(period, overview or preamble, title_year)
    year = content_year or title_year
    known = {c.id for c in chapters} - {"preamble"}
    scope = next((s for s in load_yaml("titles.yaml")["scope"] if s in preamble + overview), None)
    basis_text = "".join(c.text for c in chapters if c.id in ("preamble", "overview"))
    metadata = Metadata(
        title=title,
        year=year,
        agency=_agency(title, chapters[0].text if chapters else ""),
        form_expected=form_for_year(year),
        period=period,
        scope=scope,
        publication_date=_published(chapters),
        legal_basis=_legal_basis(basis_text),
    )
    conflict = title_year is not None and content_year is not None and title_year != content_year
    chapters_known = sum(not k.startswith("other-") for k in known)
    is_report = (
        has_tables or chapters_known >= 3 or (title is not None and bool(known or len(overview + preamble) > 200))
    )
    return Found(metadata, (_year_check(title_year, content_year),), is_report, conflict)


def _year_check(title_year: int | None, content_year: int | None) -> Check:
    both = title_year is not None and content_year is not None
    return Check(
        id="meta.title_year",
        kind="metadata",
        severity="warning",
        passed=(title_year == content_year) if both else None,
        left=title_year,
        right=content_year,
        difference=(title_year - content_year) if title_year is not None and content_year is not None else None,
    )
