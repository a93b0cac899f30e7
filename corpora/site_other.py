"""Site styles of the dev and test parts: other markup for the same report (see parts.yaml)."""

from __future__ import annotations

import html
import re
from random import Random

from corpora.model import CellModel, InventedReport, TableModel


def _spans(cell: CellModel, quote: str = '"') -> str:
    counts = (("rowspan", cell.rowspan), ("colspan", cell.colspan))
    return "".join(f" {name}={quote}{count}{quote}" for name, count in counts if count > 1)


def _text(cell: CellModel) -> str:
    text = re.sub(r"\s", "", cell.text) if cell.vertical else cell.text
    return html.escape(text).replace("\n", "<br/>")


def _cards_table(table: TableModel) -> str:
    """Header cells as <th>, a caption, a scrolling <div> around it."""
    rows = []
    for row in table.rows:
        tags = [("th" if c.header else "td", c) for c in row]
        rows.append("<tr>" + "".join(f"<{t}{_spans(c)}><div>{_text(c)}</div></{t}>" for t, c in tags) + "</tr>")
    return f'<div class="table-wrap"><table class="el-table">{"".join(rows)}</table></div>'


def cards(report: InventedReport) -> str:
    """A page of sections, headings as <h3>, menus as buttons."""
    rng = Random(report.seed)
    parts = []
    for chapter in report.chapters:
        heading = f"<h3>{html.escape(chapter.title)}</h3>" if chapter.title else ""
        body = "".join(f"<div class='para'><p>{html.escape(p.text)}</p></div>" for p in chapter.paragraphs)
        table = _cards_table(chapter.table) if chapter.table is not None else ""
        remark = chapter.table.note_after if chapter.table is not None else None
        note = f"<p class=note>{html.escape(remark)}</p>" if remark else ""
        parts.append(f"<section>{heading}{body}{table}{note}</section>")
    menu = "".join(f"<button>{w}</button>" for w in ("首页", "公开指南", "公开制度", "法定主动公开内容", "公开年报"))
    return (
        f"<header>{menu}</header><main><article><h1>{html.escape(report.title)}</h1>"
        f"<div class=meta>信息来源：{html.escape(report.body)} 阅读量：{rng.randint(20, 9000)}</div>{''.join(parts)}"
        "</article><aside><h4>历年年报</h4><ul>"
        + "".join(f"<li>{report.year - i}年度报告</li>" for i in range(1, 5))
        + "</ul></aside></main><footer>版权所有</footer>"
    )


def _gazette_cell(cell: CellModel) -> str:
    """<font> and <center> in every cell; empty ones hold a full-width space."""
    return f"<TD{_spans(cell, '')} align=middle><FONT face=宋体 size=2>{_text(cell) or '　'}</FONT></TD>"


def gazette(report: InventedReport) -> str:
    """Upper-case markup of the 2000s: <FONT>, <BR>, full-width indents, a table around everything."""
    parts = [f"<CENTER><FONT size=5 face=黑体>{html.escape(report.title)}</FONT></CENTER><BR>"]
    for chapter in report.chapters:
        if chapter.title:
            parts.append(f"<BR>　　<B>{html.escape(chapter.title)}</B><BR>")
        parts += [f"　　{html.escape(p.text)}<BR><BR>" for p in chapter.paragraphs]
        if chapter.table is not None:
            rows = "\n".join("<TR>" + "".join(map(_gazette_cell, row)) + "</TR>" for row in chapter.table.rows)
            parts.append(f"<TABLE border=1 width='98%'>{rows}</TABLE>")
            parts += [f"　　{html.escape(chapter.table.note_after)}<BR>"] if chapter.table.note_after else []
    return (
        "<TABLE width=960 align=center><TR><TD><A href=/>网站首页</A> | <A href=/xxgk/>信息公开</A></TD></TR>"
        f"<TR><TD>{''.join(parts)}</TD></TR><TR><TD>【打印本页】【关闭窗口】</TD></TR></TABLE>"
    )


def _exported_cell(cell: CellModel, rng: Random) -> str:
    """A cell as an office program exports it: a class, a width, text in one or two <span>s."""
    text = _text(cell)
    if len(text) > 3 and "<" not in text and "&" not in text and rng.random() < 0.3:
        cut = rng.randint(1, len(text) - 1)
        text = f"{text[:cut]}</span><span class=font11>{text[cut:]}"
    width = 40 * cell.colspan
    return f"<td{_spans(cell)} class=xl{rng.randint(65, 99)} width={width}><p class=p16><span>{text}</span></p></td>"


def exported(report: InventedReport) -> str:
    """What an office program saves as a web page: classes, conditional comments, numbered headings as lists."""
    rng = Random(report.seed)
    parts = [f"<p class=p0 style='text-align:center'><span class=15>{html.escape(report.title)}</span></p>"]
    for chapter in report.chapters:
        if chapter.title:
            parts.append(f"<h2 class=p2><span>{html.escape(chapter.title)}</span></h2>")
        parts += [f"<p class=p17><span>{html.escape(p.text)}</span></p>" for p in chapter.paragraphs]
        if chapter.table is None:
            continue
        columns = "".join(f"<col width={rng.randint(30, 90)}>" for _ in range(chapter.table.n_cols))
        rows = "".join(
            "<tr style='height:18pt'>" + "".join(_exported_cell(c, rng) for c in row) + "</tr>"
            for row in chapter.table.rows
        )
        parts.append(f"<!--[if !supportMisalignedRows]--><table>{columns}<tbody>{rows}</tbody></table><!--[endif]-->")
        parts += [f"<p class=p17>{html.escape(chapter.table.note_after)}</p>"] if chapter.table.note_after else []
    return f"<div class=Section0>{''.join(parts)}</div>"


OTHER_SITES = {"cards": cards, "gazette": gazette, "exported": exported}
