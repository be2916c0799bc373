"""Whether a chain is broken, judged on plain facts: no database, no clock. The product and the eval use the same."""

from pitcrew.relays.links.judging.facts import (
    Absence,
    Case,
    Desk,
    LegFacts,
    Mailbox,
    MessageFacts,
    Pass,
    Person,
    PromiseFacts,
    RelayFacts,
    StepFacts,
    Upstream,
)
from pitcrew.relays.links.judging.findings import KINDS, Finding, Kind, Mend
from pitcrew.relays.links.judging.judge import DETECTORS, judge, look

__all__ = [
    "DETECTORS",
    "KINDS",
    "Absence",
    "Case",
    "Desk",
    "Finding",
    "Kind",
    "LegFacts",
    "Mailbox",
    "Mend",
    "MessageFacts",
    "Pass",
    "Person",
    "PromiseFacts",
    "RelayFacts",
    "StepFacts",
    "Upstream",
    "judge",
    "look",
]
