from __future__ import annotations

from decimal import Decimal

from django.template import Context, Template

from mangrove.ui.components import Figure, Link, Progress, Tag, plain


def drawn(source: str, **context: object) -> str:
    return Template("{% load mangrove %}" + source).render(Context(context))


def test_a_component_draws_itself_in_a_template_and_escapes_what_it_is_given() -> None:
    html = drawn("{{ tag }}{{ link }}", tag=Tag("<b>临期</b>", "warn"), link=Link("甲&乙", "/x?a=1&b=2"))
    assert "&lt;b&gt;临期" in html
    assert "tag--warn" in html
    assert "甲&amp;乙" in html
    assert 'href="/x?a=1&amp;b=2"' in html


def test_a_figure_without_lineage_is_no_link_and_an_unknown_one_is_not_zero() -> None:
    assert '<a class="figure__value" href="/f/1/"' in str(Figure(48000, "座", "超", "/f/1/"))
    assert "<a" not in str(Figure(48000))
    unknown = str(Figure(None, "座"))
    assert "缺数据" in unknown
    assert "0" not in unknown


def test_progress_says_in_words_what_it_draws_even_beyond_the_goal() -> None:
    bar = Progress(61_000, 50_000, 45_000)
    assert 'aria-label="61,000，满格 50,000，目标 45,000"' in str(bar)
    assert 'width="100.0%"' in str(bar)


def test_components_carry_no_inline_style() -> None:
    assert "style" not in str(Progress(1, 2, 1)) + str(Figure(1)) + str(Tag("x"))


def test_what_a_cell_exports() -> None:
    assert plain(Figure(Decimal("59.9"), "%")) == Decimal("59.9")
    assert plain(Tag("按期", "good")) == "按期"
    assert plain(None) is None


def test_block_tags_keep_what_they_enclose() -> None:
    html = drawn("{% notice 'bad' %}一处不符{% endnotice %}{% define '口径' %}按物理站址计{% enddefine %}")
    assert "有误" in html
    assert "一处不符" in html
    assert "<summary>口径</summary>" in html
    assert "按物理站址计" in html
