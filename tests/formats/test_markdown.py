"""Texts in Markdown are shown, and nothing in them runs."""

import pytest

from timeline.formats.markdown import html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "# About\n\nOne *two* **three**.",
            "<h2>About</h2>\n<p>One <em>two</em> <strong>three</strong>.</p>",
        ),
        ("## Who\n\n- a\n- b", "<h2>Who</h2>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        ("[here](/fr/about/)", '<p><a href="/fr/about/">here</a></p>'),
        ("<mail@example.org>", '<p><a href="mailto:mail@example.org">mail@example.org</a></p>'),
        ("", ""),
    ],
)
def test_text_is_shown(text: str, shown: str) -> None:
    assert html(text).strip() == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
        ("[a](javascript:alert)", "<p>[a](javascript:alert)</p>"),
        ("[a](JaVaScRiPt:alert)", "<p>[a](JaVaScRiPt:alert)</p>"),
        ("[a](&#106;avascript:alert)", "<p>[a](javascript:alert)</p>"),
        ("[a](data:text/html,b)", "<p>[a](data:text/html,b)</p>"),
        ("[a](ftp://example.org)", "<p><a>a</a></p>"),
        ("[a]\n\n[a]: vbscript:b", "<p>[a]</p>\n<p>[a]: vbscript:b</p>"),
        ("![a](https://example.org/b.png)", '<p>!<a href="https://example.org/b.png">a</a></p>'),
        ('[a](/ "x\\" onclick=\\"y")', '<p><a href="/" title="x&quot; onclick=&quot;y">a</a></p>'),
    ],
)
def test_nothing_in_a_text_runs_or_is_loaded(text: str, shown: str) -> None:
    assert html(text).strip() == shown
