"""The tidy tables: which columns they have, what these mean, and the rows of one report.

The first two columns of every table are ``report`` (the content hash) and ``path``. A missing value is None.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from extractor.report import Evidence, FigureEvidence, Report

Kind = Literal["string", "integer", "number", "boolean"]
Row = list[object]


class Column(NamedTuple):
    """A column: its name, type, a label in both languages, and a name short enough for Stata."""

    name: str
    kind: Kind
    english: str
    chinese: str
    short: str


_RESERVED = {"end": "end_at"}  # words that no variable of Stata may have


def _columns(text: str) -> tuple[Column, ...]:
    kinds: dict[str, Kind] = {"s": "string", "i": "integer", "n": "number", "b": "boolean"}
    lines = (line.split("|") for line in text.strip().splitlines())
    return tuple(
        Column(name, kinds[kind], english, chinese, _RESERVED.get(name, name)) for name, kind, english, chinese in lines
    )


_HEAD = """
report|s|SHA-256 of the file (#2, #3 for further reports in it)|文件内容散列（同一文件的后续报告加 #2、#3）
path|s|file as it was named|文件路径
"""
_WHO = f"""{_HEAD.strip()}
body|s|body that reports|报告机关
division|s|administrative division code (GB/T 2260)|行政区划代码
year|i|report year|报告年度
"""
_BOX = """
page|i|page, from 1|页码
x0|n|left edge, points|左边界（点）
top|n|top edge, points|上边界（点）
x1|n|right edge, points|右边界（点）
bottom|n|bottom edge, points|下边界（点）
"""
TABLES: dict[str, tuple[Column, ...]] = {
    "cells": _columns(f"""{_WHO.strip()}
form|s|form of the table|表式版本
table|s|table of the form|表
row|s|row id|行
column|s|column id|列
value|n|printed number, missing if none|数值
status|s|reported, blank, dash, absent or unreadable|状态
origin|s|read, split, repaired or reviewed|来源
unit|s|unit as printed|单位
confidence|n|measured probability that value and status are right|置信度
raw|s|characters as printed|原文
{_BOX.strip()}
start|i|offset of the first character|起始偏移
end|i|offset after the last character|结束偏移
reader|s|what read it|读取方式
"""),
    "figures": _columns(f"""{_WHO.strip()}
figure|s|id within the report|编号
indicator|s|known indicator, if any|指标
measure|s|what is counted|所计内容
value|n|number, 万 and 亿 expanded|数值
unit|s|unit|单位
approximate|b|余, 约, 近 and the like|是否约数
kind|s|count, amount, rate or change|类型
figure_year|i|year the text ties it to|所属年度
scope|s|who, as far as stated|范围
channel|s|through what, as far as stated|渠道
part_of|s|id of the total it is part of|所属总数
part_role|s|addend or subset|与总数关系
breakdown|i|which breakdown of that total|第几种分项
same_as|s|cell that states the same|对应单元格
confidence|n|measured probability that value, unit and place are right|置信度
section|s|chapter|章节
start|i|offset in the chapter's text|起始偏移
end|i|offset after it|结束偏移
text|s|clause that states it|原文
{_BOX.strip()}
"""),
    "checks": _columns(f"""{_WHO.strip()}
check|s|id of the check|校验
kind|s|kind of check|类型
severity|s|error, warning or info|级别
passed|b|whether it holds; missing where a value is|是否通过
left|n|left side|左值
right|n|right side|右值
difference|n|left minus right|差额
cells|s|cells or figures compared|涉及单元格
suspect|s|cell that most probably is why it fails|最可疑单元格
expected|n|what the other cells make of that cell|按其他单元格推得的数值
suspect_probability|n|how probably it is that cell|可疑概率
"""),
    "reports": _columns(f"""{_WHO.strip()}
level|s|level of the body|机关层级
division_name|s|administrative division as named|行政区划名称
form|s|form found|所用表式
form_expected|s|form the year calls for|应用表式
status|s|ok or needs_review|状态
review_reasons|s|why it needs review|复核原因
title|s|title as printed|标题
period_start|s|first day covered|统计期起
period_end|s|last day covered|统计期止
scope|s|whom the report speaks for|范围
publication_date|s|date of publication|发布日期
media_type|s|kind of file|文件类型
bytes|i|size|字节数
pages|i|pages|页数
reader|s|what read it|读取方式
retrieved_from|s|address it came from|来源网址
cells_reported|i|cells with a number|有数值单元格数
cells_doubtful|i|cells below the threshold|低于阈值单元格数
figures|i|figures in the prose|文中数字个数
checks_failed|i|checks that fail|未通过校验数
confidence_min|n|lowest confidence of a cell|最低置信度
"""),
    "failures": _columns(f"""{_HEAD.strip()}
code|s|what went wrong|错误代码
message|s|in one line|说明
hint|s|what to do next|建议
"""),
}
HEAD = 2  # columns that say which report: the same in all its rows


def _place(evidence: Evidence | FigureEvidence | None) -> Row:
    if evidence is None:
        return [None] * 5
    return [evidence.page, *(evidence.box or [None] * 4)]


def _line(text: str | None) -> str | None:
    """Text on one line: a field never breaks a row."""
    return " ".join(text.split()) if text is not None else None


def who(report: Report) -> Row:
    """Body, division code and year: what most tables begin with after report and path."""
    meta = report.report
    return [_line(meta.agency.name), meta.agency.division.code, meta.year]


def cells_of(report: Report) -> Iterator[Row]:
    """The rows of ``cells`` without report and path."""
    meta = report.report
    for table, rows in report.tables.items():
        head = [*who(report), meta.table_forms.get(table, meta.form or meta.form_expected), table]
        for row, columns in rows.items():
            for column, v in columns.items():
                e = v.evidence
                place = [e.start, e.end, e.reader] if e else [None] * 3
                cell = [v.value, v.status, v.origin, v.unit, v.confidence, _line(v.raw)]
                yield [*head, row, column, *cell, *_place(e), *place]


def figures_of(report: Report) -> Iterator[Row]:
    """The rows of ``figures`` without report and path."""
    for f in report.figures:
        e = f.evidence
        what = [f.id, f.indicator, _line(f.measure), f.value, f.unit, f.approximate, f.kind, f.year]
        where = [_line(f.scope), _line(f.channel), f.part_of, f.part_role, f.breakdown, f.same_as, f.confidence]
        yield [*who(report), *what, *where, e.section, e.start, e.end, _line(e.text), *_place(e)]


def checks_of(report: Report) -> Iterator[Row]:
    """The rows of ``checks`` without report and path."""
    for c in report.checks:
        x = c.suspects[0] if c.suspects else None
        judged = [c.passed, c.left, c.right, c.difference, ";".join(c.cells)]
        yield [*who(report), c.id, c.kind, c.severity, *judged, x and x.path, x and x.expected, x and x.probability]


def report_row(report: Report, accept: float) -> Row:
    """The row of ``reports`` without report and path."""
    meta, source = report.report, report.source
    values = [v for rows in report.tables.values() for columns in rows.values() for v in columns.values()]
    return [
        *who(report),
        meta.agency.level,
        _line(meta.agency.division.name),
        meta.form,
        meta.form_expected,
        report.status,
        ";".join(report.review_reasons),
        _line(meta.title),
        meta.period.start,
        meta.period.end,
        meta.scope,
        meta.publication_date,
        source.media_type,
        source.bytes,
        source.pages,
        source.reader,
        source.retrieved_from,
        sum(v.status == "reported" for v in values),
        sum(v.confidence < accept for v in values),
        len(report.figures),
        sum(c.passed is False for c in report.checks),
        min((v.confidence for v in values), default=None),
    ]


def names(table: str) -> Sequence[str]:
    """The column names of a table."""
    return [c.name for c in TABLES[table]]
