"""BCP 47 tags: read, written as the standard does, named, and with their direction."""

import re

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from timeline.core import languages


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("fr", "fr"),
        (" MOS ", "mos"),
        ("dje", "dje"),
        ("taq", "taq"),
        ("uk", "uk"),
        ("zh_hans", "zh-Hans"),
        ("FR-ca", "fr-CA"),
        ("es-419", "es-419"),
        ("ff-adlm", "ff-Adlm"),
        ("sl-ROZAJ", "sl-rozaj"),
        ("Ukrainien", "uk"),
        ("mooré", "mos"),
        ("Zarma", "dje"),
        ("tamasheq", "taq"),
    ],
)
def test_tag_or_name_is_read_as_a_tag(typed: str, tag: str) -> None:
    assert languages.parse(typed) == tag


@pytest.mark.parametrize("typed", ["-", "xx", "fr-", "french people", "12", "fr fr", "x-whatever"])
def test_what_is_no_language_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=re.escape(typed)):
        languages.parse(typed)


@pytest.mark.parametrize(
    ("tag", "french", "english"),
    [
        ("mos", "mooré", "Mooré"),
        ("dje", "zarma", "Zarma"),
        ("taq", "tamasheq", "Tamasheq"),
        ("zh-Hans", "chinois (simplifié)", "Chinese (Simplified)"),
        ("fr-CA", "français (Canada)", "French (Canada)"),
        ("qaa", "qaa", "qaa"),
    ],
)
def test_language_is_named_in_the_reader_s_own(tag: str, french: str, english: str) -> None:
    assert (languages.name(tag, "fr"), languages.name(tag, "en")) == (french, english)


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        ("fr", "ltr"),
        ("ar", "rtl"),
        ("he", "rtl"),
        ("ff", "ltr"),
        ("ff-Adlm", "rtl"),
        ("ha-Arab", "rtl"),
        ("ar-Latn", "ltr"),
        ("nqo", "rtl"),
        ("taq", "ltr"),
    ],
)
def test_texts_run_as_their_script_does(tag: str, way: str) -> None:
    assert languages.direction(tag) == way


@pytest.mark.parametrize("tag", languages.COMMON)
def test_each_language_offered_is_known_and_named(tag: str) -> None:
    assert languages.parse(tag) == tag
    assert languages.name(tag, "fr") != tag


@given(
    st.sampled_from(sorted(code for code in map(str, Locale("fr").languages) if "_" not in code))
)
def test_tag_is_read_again_as_itself(code: str) -> None:
    tag = languages.parse(code)
    assert languages.parse(tag) == tag
    assert languages.parse(tag.upper()) == tag
