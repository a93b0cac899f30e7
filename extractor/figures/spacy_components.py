"""spaCy components over the same core: figures in anyone's pipeline, whatever its tokenizer.

``nianbao_quantities`` marks quantities in ``doc.spans["nianbao_quantities"]`` (label: the unit, or
``number``); ``nianbao_figures`` sets ``doc._.nianbao_figures``, a list of
:class:`extractor.report.Figure` whose offsets count characters of ``doc.text``. Both read ``doc.text``
alone, so tokens never decide where a quantity is; a span is widened to whole tokens.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from extractor.figures import find_figures
from extractor.figures.clauses import passages
from extractor.figures.quantities import find_quantities
from extractor.report import Section, SectionEvidence

SPANS_KEY = "nianbao_quantities"


def _section(doc: Doc) -> Section:
    return Section(id="doc", title="", text=doc.text, evidence=SectionEvidence())


def _quantities(doc: Doc) -> Doc:
    spans: list[Span] = []
    for passage in passages(_section(doc)):
        for item in find_quantities(passage.text):
            start, end = passage.back(item.start, item.end)
            span = doc.char_span(start, end, label=item.unit or "number", alignment_mode="expand")
            if span is not None:
                spans.append(span)
    doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, spans=spans)
    return doc


@Language.factory("nianbao_quantities", assigns=["doc.spans"])
def make_quantities(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """The component that marks quantities with their units."""
    return _quantities


@Language.factory("nianbao_figures", assigns=["doc._.nianbao_figures"], default_config={"report_year": None})
def make_figures(nlp: Language, name: str, report_year: int | None) -> Callable[[Doc], Doc]:
    """The component that finds figures; ``report_year`` is the year where a sentence names none."""
    if not Doc.has_extension("nianbao_figures"):
        Doc.set_extension("nianbao_figures", default=None)

    def component(doc: Doc) -> Doc:
        doc._.nianbao_figures = find_figures([_section(doc)], report_year)
        return doc

    return component
