"""A file that holds several reports gives the first, and says so; nothing of the others comes in."""

from __future__ import annotations

import pytest

from corpora.flat_render import flat_text
from corpora.invent import invent
from corpora.site_render import draw_damage, site_html
from corpora.text_render import tab_led
from extractor.api import extract_content


def _joined(render, seeds):
    return "\n".join(render(invent(seed)) for seed in seeds).encode()


def _html(report):
    """The body of a page; several make a page of several reports."""
    page = site_html(report, draw_damage(report))
    return page[page.index("<body>") + 6 : page.index("</body>")]


@pytest.mark.parametrize("render", [tab_led, lambda r: flat_text(r, "pipes"), _html], ids=["tab", "pipes", "html"])
@pytest.mark.parametrize("seeds", [(1, 4), (10, 12, 14)])
def test_the_first_report_is_given(render, seeds):
    alone = extract_content(render(invent(seeds[0])).encode(), "one")
    several = extract_content(_joined(render, seeds), "several")
    assert "several_reports" in several.review_reasons
    assert "several_reports" not in alone.review_reasons
    assert several.tables == alone.tables or _values(several) == _values(alone)
    assert [(f.value, f.unit) for f in several.figures] == [(f.value, f.unit) for f in alone.figures]
    assert several.report.year == alone.report.year


def _values(report):
    return {
        (t, r, c): (v.value, v.status)
        for t, rows in report.tables.items()
        for r, columns in rows.items()
        for c, v in columns.items()
    }
