"""A synthetic record of texts between parties, which resemble those of treaty collections."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bench.corpus.ledger import WORDS, in_batches
from timeline.core.codes import Binding, InstrumentAct, InstrumentKind
from timeline.models import Instrument, InstrumentParty, InstrumentStep, Party

FIRST: Final = dt.date(1990, 1, 1)

_PARTIES: Final = 5
"""Parties of each text; each takes two steps."""


def make_texts(count: int, *, seed: int, today: dt.date, say: Callable[[str], None]) -> None:
    """Add so many published texts, each with five parties and ten steps."""
    draw = random.Random(seed)  # noqa: S311 — a corpus, not a secret
    parties = list(Party.objects.order_by("pk").values_list("pk", flat=True))
    in_batches(Instrument, (_text(draw, number, today) for number in range(count)))
    texts = list(Instrument.objects.filter(slug__startswith="bench-").order_by("pk"))
    of_text = {text.pk: draw.sample(parties, _PARTIES) for text in texts}
    in_batches(
        InstrumentParty,
        (
            InstrumentParty(instrument_id=key, party_id=party)
            for key, chosen in of_text.items()
            for party in chosen
        ),
    )
    in_batches(
        InstrumentStep,
        (row for text in texts for row in _life(draw, text, of_text[text.pk], today)),
    )
    say(f"{len(texts)} texts, {InstrumentStep.objects.count()} steps")


def _text(draw: random.Random, number: int, today: dt.date) -> Instrument:
    words = " ".join(draw.sample(WORDS, 4))
    day = FIRST + dt.timedelta(draw.randrange((today - FIRST).days))
    return Instrument(
        slug=f"bench-{number}",
        kind=draw.choice(list(InstrumentKind)),
        title_en=f"Treaty {number} on {words}",
        summary_en=f"The parties agree on {words} by common accord.",
        date=day.isoformat(),
        binds=draw.choice([*Binding, Binding.BY_RATIFICATION, Binding.BY_RATIFICATION]),
        publication="published",
    )


def _life(
    draw: random.Random, text: Instrument, parties: Sequence[int], today: dt.date
) -> Iterator[InstrumentStep]:
    """Yield a signature of each party, then a ratification of most and a later step of the rest."""
    for party in parties:
        yield InstrumentStep(
            instrument=text, party_id=party, act=InstrumentAct.SIGNED, done=text.date.text
        )
    for party in parties[:-1]:
        day = text.date.earliest + dt.timedelta(draw.randrange(2000))
        act = draw.choice(
            (InstrumentAct.RATIFIED, InstrumentAct.RATIFIED, InstrumentAct.APPROVED_AT_HOME)
        )
        yield InstrumentStep(instrument=text, party_id=party, act=act, done=day.isoformat())
    entry = text.date.earliest + dt.timedelta(draw.randrange(800, 9000))
    yield InstrumentStep(
        instrument=text, act=InstrumentAct.ENTERED_INTO_FORCE, done=entry.isoformat()
    )
