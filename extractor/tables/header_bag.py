"""A header whose words lie in pieces, proved by its characters: each of the form's words is there, and no other.

Text taken off pages breaks the words of a narrow header over lines and runs the pieces of neighbours together
(社会 法律 / 公益 服务 / 组织 机构). The columns then stand in the order of the form, which all national forms print.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

from extractor.forms import form_ids, label_key, load_form
from extractor.tables.labels import APPLICANTS
from extractor.tables.sheet import Column

SPARE = 2  # characters that may be left over (a stray mark, a slip)
_BESIDE = (APPLICANTS, "本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和", "信息内容")


@cache
def _layouts() -> tuple[tuple[tuple[Column, ...], tuple[str, ...]], ...]:
    """Of each table with one block: its columns, and the words that may stand beside these, the longest first."""
    found: dict[tuple[Column, ...], tuple[str, ...]] = {}
    for form_id in form_ids():
        for table in load_form(form_id).tables.values():
            if len(table.blocks) != 1 or not table.groups:
                continue
            block = table.blocks[0]
            crossed = not any(r.parent for r in block.rows)  # 表四 prints its rows as groups of columns
            rows = [(r.label,) for r in block.rows] if crossed else [()]
            columns = tuple(Column((*r, c.label)) for r in rows for c in block.columns)
            groups = (*table.groups, *(block.rows if crossed else ()))
            beside = {*(k for g in groups for k in g.keys), *map(label_key, _BESIDE)}
            found[columns] = tuple(sorted(beside, key=len, reverse=True))
    return tuple(found.items())


def _wordings(columns: tuple[Column, ...]) -> Iterator[Counter[str]]:
    """The characters of the columns in their usual wordings: 总计 or 合计, 结果维持 or 维持."""
    text = "".join(c.path[-1] for c in columns)
    for total in ("总计", "合计"):
        bag = Counter(label_key(text.replace("总计", total)))
        yield from (bag - Counter({"结": fewer, "果": fewer}) for fewer in range(bag["果"] + 1))


def columns_by_bag(text: str, count: int) -> list[Column] | None:
    """The columns of the form whose header has exactly these characters, or None.

    ``text`` is all that the header prints, in any order; ``count`` the numbers that full rows have. Words beside the
    columns (groups, the corner) may be missing; a word of a column may not.
    """
    bag = Counter(label_key("".join(text.split())))
    for columns, beside in _layouts():
        if len(columns) != count:
            continue
        if any(not wording - bag and _left_over(bag - wording, beside) <= SPARE for wording in _wordings(columns)):
            return list(columns)
    return None


def _left_over(rest: Counter[str], beside: tuple[str, ...]) -> int:
    """How many characters are left when the words that stand beside columns are taken away, each once at most."""
    for word in map(Counter, beside):
        rest = rest if word - rest else rest - word
    return rest.total()
