"""The spaCy components give what the core gives, whatever the tokenizer."""

from __future__ import annotations

import pytest

from extractor.figures import find_figures
from extractor.report import Section, SectionEvidence

spacy = pytest.importorskip("spacy")
TEXT = "全年累计主动公开各类信息1,564条，其中概况类信息293条；发布信息28余条，网办率99.6%。"


JIEBA = {"nlp": {"tokenizer": {"segmenter": "jieba"}}}


@pytest.mark.parametrize(("language", "config"), [("zh", {}), ("zh", JIEBA), ("xx", {}), ("en", {})])
def test_same_figures_with_any_tokenizer(language: str, config: dict) -> None:
    import extractor.figures.spacy_components

    nlp = spacy.blank(language, config=config)
    nlp.add_pipe("nianbao_quantities")
    nlp.add_pipe("nianbao_figures", config={"report_year": 2022})
    doc = nlp(TEXT)
    core = find_figures([Section(id="doc", title="", text=TEXT, evidence=SectionEvidence())], 2022)
    assert doc._.nianbao_figures == core
    assert [span.label_ for span in doc.spans["nianbao_quantities"]] == ["条", "条", "条", "%"]
    assert extractor.figures.spacy_components.SPANS_KEY in doc.spans
