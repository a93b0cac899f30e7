"""Writes a report as a page of a government site: three styles of our own, with the damage that real pages have.

Navigation, lists of links and footers around the article; markup pasted from Word; numbers and years cut
over elements; tables that pad with empty cells, or whose body spans other columns than the header.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from random import Random

from corpora.model import CellModel, InventedReport, TableModel
from corpora.parts import load_part
from corpora.site_other import OTHER_SITES


@dataclass(frozen=True)
class Damage:
    """What is wrong with a page's markup."""

    style: str
    split_numbers: bool = False
    pad: bool = False
    other_spans: bool = False
    one_table: bool = True
    unclosed: bool = False
    nbsp: bool = True
    encoding: str = "utf-8"
    claims: str = "utf-8"


def draw_damage(report: InventedReport) -> Damage:
    """The damage of this report's page, the same for the same seed."""
    rng, sites = Random(report.seed * 7 + 5), load_part(report.knobs.part).sites
    encoding, claims = rng.choice((("utf-8", "utf-8"), ("utf-8", ""), ("gb18030", "gb2312"), ("gb18030", "utf-8")))
    pad, other = rng.choice(((False, False), (False, False), (True, False), (False, True)))
    return Damage(
        style=sites[report.seed % len(sites)],
        split_numbers=rng.random() < 0.5,
        pad=pad,
        other_spans=other,
        one_table=rng.random() < 0.7,
        unclosed=rng.random() < 0.2,
        nbsp=rng.random() < 0.6,
        encoding=encoding,
        claims=claims,
    )


class _Page:
    def __init__(self, report: InventedReport, damage: Damage) -> None:
        self.report, self.damage = report, damage
        self.rng = Random(report.seed)

    def run(self, text: str) -> str:
        """Text as runs: in pasted pages each in its span, numbers cut in two."""
        if not self.damage.split_numbers:
            return html.escape(text)
        out = []
        for part in re.split(r"(\d{2,})", text):
            if len(part) > 1 and part.isdigit() and self.rng.random() < 0.5:
                cut = self.rng.randint(1, len(part) - 1)
                out.append(f"<span lang=EN-US>{part[:cut]}</span><span lang=EN-US>{part[cut:]}</span>")
            else:
                out.append(html.escape(part))
        return "".join(out)

    def paragraph(self, text: str, bold: bool = False) -> str:
        body = self.run(text)
        if self.damage.style == "pasted":
            body = f"<span style='mso-bidi-font-size:10.5pt;font-family:仿宋_GB2312'>{body}<o:p></o:p></span>"
            return (
                f"<p class=MsoNormal style='text-indent:32.0pt'>{'<b>' if bold else ''}{body}{'</b>' if bold else ''}"
            )
        if self.damage.style == "nested":
            return f"&nbsp;&nbsp;&nbsp; {body}<br />\n"
        return f'<p style="text-indent: 2em;">{"<strong>" if bold else ""}{body}{"</strong>" if bold else ""}</p>\n'

    def cell(self, cell: CellModel, empty: int = 0) -> str:
        text = self.run(re.sub(r"\s", "", cell.text) if cell.vertical else cell.text).replace("\n", "<br>")
        if not text and self.damage.nbsp:
            text = "&nbsp;"
        spans = "".join(
            f' {name}="{count}"' for name, count in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if count > 1
        )
        if self.damage.style == "pasted":
            text = f"<p class=MsoNormal align=center><span lang=EN-US>{text}<o:p></o:p></span></p>"
        close = "" if self.damage.unclosed else "</td>"
        return f"<td{spans}>{text}{close}" + "<td></td>" * empty

    def table(self, table: TableModel) -> str:
        if self.damage.pad:
            table = padded(table)
        if self.damage.other_spans:
            table = other_spans(table)
        groups = [table.rows] if self.damage.one_table else blocks_of(table)
        close = "" if self.damage.unclosed else "</tr>"
        out = []
        for rows in groups:
            body = "\n".join("<tr>" + "".join(self.cell(c) for c in row) + close for row in rows)
            out.append(f'<table border="1" cellpadding="0" cellspacing="0"><tbody>\n{body}\n</tbody></table>\n')
        return "<p></p>".join(out)

    def article(self) -> str:
        parts = []
        for chapter in self.report.chapters:
            if chapter.title:
                parts.append(self.paragraph(chapter.title, bold=True))
            parts += [self.paragraph(p.text) for p in chapter.paragraphs]
            if chapter.table is not None:
                parts.append(self.table(chapter.table))
                if chapter.table.note_after:
                    parts.append(self.paragraph(chapter.table.note_after))
        return "".join(parts)


def padded(table: TableModel) -> TableModel:
    """Merged cells written as one cell and empty ones beside and below it."""
    cells: list[CellModel] = []
    for cell in table.cells:
        cells.append(replace(cell, rowspan=1, colspan=1))
        for r in range(cell.rowspan):
            for c in range(cell.colspan):
                if r or c:
                    cells.append(CellModel("", cell.row + r, cell.col + c, header=cell.header))
    return replace(table, cells=cells)


def other_spans(table: TableModel) -> TableModel:
    """The cells of the body spread over twice as many slots as those of the header."""
    body = [c.row for c in table.cells if c.numeric]
    rows = set(body) if table.id == "requests" else set()
    return replace(
        table, cells=[replace(c, colspan=c.colspan * 2) if c.numeric and c.row in rows else c for c in table.cells]
    )


def blocks_of(table: TableModel) -> list[list[list[CellModel]]]:
    """表二 as one table a block; other tables whole."""
    out: list[list[list[CellModel]]] = []
    for row in table.rows:
        if not out or (table.id == "proactive_disclosure" and len(row) == 1 and row[0].header):
            out.append([])
        out[-1].append(row)
    return [[list(row) for row in rows] for rows in out]


def _links(rng: Random, count: int) -> str:
    words = ("首页", "政务公开", "办事服务", "互动交流", "走进本地", "政策解读", "通知公告", "领导之窗", "数据开放")
    return "".join(f'<li><a href="/c{rng.randint(10, 99)}/">{rng.choice(words)}</a></li>' for _ in range(count))


def _portal(page: _Page, article: str) -> str:
    report, rng = page.report, page.rng
    date = f"{report.year + 1}-01-2{rng.randint(0, 9)} 09:{rng.randint(10, 59)}"
    return (
        f'<div class="top"><ul class="nav">{_links(rng, 9)}</ul></div>'
        '<div class="path">当前位置：<a href="/">首页</a> &gt; <a href="/x/">政府信息公开年报</a></div>'
        f'<div class="box"><h1 class="title">{html.escape(report.title)}</h1>'
        f'<div class="info"><span>发布时间：{date}</span>'
        f"<span>来源：{html.escape(report.body)}</span><span>浏览次数：{rng.randint(10, 9999)}</span></div>"
        f'<div class="content" id="zoom"><div class="TRS_Editor">{article}</div></div>'
        '<div class="share">分享到：<a href="#">微信</a></div></div>'
        f'<div class="related"><h3>相关链接</h3><ul>{_links(rng, 6)}</ul></div>'
        f'<div class="footer"><p>主办：{html.escape(report.body)}　ICP备0{rng.randint(1000000, 9999999)}号</p>'
        f"<p>网站标识码：{rng.randint(1000000000, 9999999999)}　"
        f"联系电话：0{rng.randint(300, 999)}-{rng.randint(2000000, 8999999)}</p></div>"
    )


def _nested(page: _Page, article: str) -> str:
    report, rng = page.report, page.rng
    menu = "".join(f'<td><a href="/{i}">栏目{i}</a></td>' for i in range(1, 8))
    index = f"{rng.randint(100000, 999999)}-/{report.year + 1}-{rng.randint(10, 99)}"
    return (
        f'<table width="1000" align="center"><tr><td><table width="100%"><tr>{menu}</tr></table></td></tr>'
        f'<tr><td><table><tr><td width="200" valign="top"><ul>{_links(rng, 5)}</ul></td><td valign="top">'
        f'<center><font size="5"><b>{html.escape(report.title)}</b></font></center>'
        f"<div>索 引 号：{index} 公开日期：{report.year + 1}-02-0{rng.randint(1, 9)}</div><div>{article}</div>"
        f"</td></tr></table></td></tr><tr><td align=center>版权所有 {html.escape(report.body)} "
        f"技术支持：信息中心 {rng.randint(2, 60)}人在线</td></tr></table>"
    )


def _body(page: _Page) -> str:
    article = page.article()
    if page.damage.style == "portal":
        return _portal(page, article)
    if page.damage.style == "nested":
        return _nested(page, article)
    return f"<div class=WordSection1><p class=MsoTitle align=center>{page.run(page.report.title)}</p>{article}</div>"


def site_html(report: InventedReport, damage: Damage) -> str:
    """The page as text."""
    body = OTHER_SITES[damage.style](report) if damage.style in OTHER_SITES else _body(_Page(report, damage))
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={damage.claims}">' if damage.claims else ""
    return (
        f"<!DOCTYPE html>\n<html><head>{meta}<title>{html.escape(report.title)}</title>"
        "<script>var total = 2023; document.write('<td>99</td>');</script><style>td{border:1px solid}</style></head>\n"
        f"<body>{body}<!-- <td>77</td> --></body></html>"
    )


def site_bytes(report: InventedReport) -> bytes:
    """The page in the encoding it is in, whatever it claims."""
    damage = draw_damage(report)
    return site_html(report, damage).encode(damage.encoding)


def mhtml_bytes(report: InventedReport) -> bytes:
    """The page saved with its parts in one file, as a browser does."""
    from email.message import EmailMessage

    damage = replace(draw_damage(report), encoding="utf-8")
    message = EmailMessage()
    message["Subject"] = "saved page"
    message["MIME-Version"] = "1.0"
    message.set_content(site_html(report, damage), subtype="html", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG", "image", "png", cid="<a@b>")
    return message.as_bytes()
