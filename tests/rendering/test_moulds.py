"""Moulds: templates rendered once, whose slots are filled page by page."""

from django.utils.safestring import SafeString

from timeline.rendering.moulds import Mould, slot

FORM = f"100% {slot('first')}%(second)s%{slot('second')}"


def test_mould_filled_in_two_steps_says_what_one_step_says() -> None:
    values = {"first": SafeString("<b>%s %(second)s 5%</b>"), "second": SafeString("2%")}
    whole = Mould(FORM).each([values])
    assert whole == "100% <b>%s %(second)s 5%</b>%(second)s%2%"
    partly = Mould(FORM).partly(first=values["first"])
    assert partly.each([{"second": values["second"]}]) == whole
    assert partly.partly(second=values["second"]).fill() == whole


def test_mould_that_is_partly_filled_leaves_its_own_open() -> None:
    mould = Mould(FORM)
    assert mould.partly(first=SafeString("a")) is not mould
    assert mould.each([{"first": "b", "second": "c"}]) == "100% b%(second)s%c"
