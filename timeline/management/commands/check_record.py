"""Say what an auditor would find in the published record."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.queries import auditing
from timeline.queries.auditing import Finding, Note


class Command(BaseCommand):
    """Print the errors of the record, what could be better, and how much of it is cited."""

    help = (
        "Checks the published record: that claims are cited, inferences have reasons, offices were "
        "held, sources are documents. Exits 1 on errors; notes, such as a single source, are none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--notes", action="store_true", help="list the notes, too, not only their number"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding on a line of its own with its address, then the figures."""
        errors: Counter[str] = Counter()
        for finding in auditing.errors():
            errors[finding.kind] += 1
            self.stdout.write(f"error: {said(finding)}")
        if options["notes"]:
            for finding in auditing.notes():
                self.stdout.write(f"note: {said(finding)}")
        figures = auditing.figures()
        self.stdout.write(
            f"Facts published: {figures.published}; cited: {figures.cited}; "
            f"only inferred: {figures.inferred}; contradicted: {figures.contradicted}."
        )
        self.stdout.write(
            f"Notes: {Note.ONE_SOURCE}: {figures.one_source}; "
            f"{Note.NO_EXCERPT}: {figures.no_excerpt}; {Note.NO_COPY}: {figures.no_copy}."
        )
        if errors:
            counts = "; ".join(f"{kind}: {number}" for kind, number in errors.most_common())
            raise CommandError(f"{errors.total()} errors: {counts}.")
        self.stdout.write("No errors.")


def said(finding: Finding) -> str:
    """Word a finding: its address in the record, then what is the matter."""
    address = " · ".join(
        filter(None, (f"{finding.noun} {finding.record}", finding.part, finding.field))
    )
    return f"{address}: {finding.kind}"
