"""What no undo may do to problems, and what they forget with a customer."""

from pitcrew.conversations.guards import forgets
from pitcrew.history.forgetting import erase
from pitcrew.history.undoing import Line, guard
from pitcrew.people.refusals import Refused
from pitcrew.problems.models import Evidence, Problem, Sighting, Stage

LABELS = {model._meta.label_lower for model in (Problem, Evidence)}


@guard
def a_fix_for_good_has_evidence(lines: list[Line]) -> None:
    """What is permanent stays shown."""
    if not any(line.subject[0] in LABELS for line in lines):
        return
    shown = Evidence.objects.values("problem")
    bare = Problem.objects.filter(stage=Stage.PERMANENT, merged_into=None).exclude(pk__in=shown).first()
    if bare is not None:
        raise Refused(f"That would leave the fix of problem {bare.pk} without evidence. Open that problem again first.")


@forgets
def shared_words_go(ids: list[int]) -> None:
    """What a message was recognised by are words of the customer."""
    sightings = Sighting.everything.filter(conversation__in=ids)
    erase(Sighting, sightings.values_list("pk", flat=True), ("why",))
