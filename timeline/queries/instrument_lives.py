"""The lives of published texts as plain values: their parties, and all steps ever done."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from timeline.core.codes import Binding, InstrumentAct
from timeline.core.dates import EdtfDate
from timeline.core.instruments import Status, TextState, TextStep, state_and_statuses
from timeline.core.searched import Clock
from timeline.models import Instrument, InstrumentParty, InstrumentStep
from timeline.queries.keys import Keys


@dataclass(frozen=True, slots=True)
class Life:
    """A published text with its parties, by key and code, and the steps of its whole life.

    The parties are in the order of their French names.
    """

    key: int
    date: EdtfDate
    kind: str
    binding: Binding
    parties: Mapping[int, str]
    steps: tuple[TextStep, ...]

    def on(self, clock: Clock) -> tuple[TextState, dict[int, Status]]:
        """Return how the text stands on a day, and what is known of each of its parties."""
        return state_and_statuses(self.binding, self.parties, self.steps, *clock)


def lives(keys: Collection[int] | None = None) -> Iterator[Life]:
    """Yield all published texts, or those with these keys, read in a fixed number of queries."""
    texts = Instrument.objects.published().order_by()
    if keys is not None:
        texts = texts.filter(pk__in=Keys(keys))
    parties: dict[int, dict[int, str]] = defaultdict(dict)
    links = InstrumentParty.objects.order_by("party__sort_fr", "pk").filter(instrument__in=texts)
    for key, party, code in links.values_list("instrument", "party", "party__code"):
        parties[key][party] = code
    steps: dict[int, list[TextStep]] = defaultdict(list)
    rows = InstrumentStep.objects.order_by().filter(instrument__in=texts)
    columns = ("instrument", "pk", "act", "done", "party", "effect", "regards", "corrects")
    for key, pk, act, done, *rest in rows.values_list(*columns).iterator():
        steps[key].append(TextStep(pk, InstrumentAct(act), done, *rest))
    for key, date, kind, binds in texts.values_list("pk", "date", "kind", "binds"):
        yield Life(key, date, kind, Binding(binds), parties[key], tuple(steps[key]))
