"""What is planted is found again, what is nearly broken is left alone, and the document's example is what it says."""

import json
import re
from pathlib import Path

import pytest

from evals import links
from evals.planting import PLANTS, planted
from pitcrew.relays.links.judging import KINDS

DOCUMENT = Path(__file__).parents[3] / "docs/links-scenarios.md"


def example() -> dict:
    return json.loads(re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)[-1])


def test_the_example_of_the_document_is_found_and_nothing_else():
    told = links.score(example())
    assert (told.expected.total(), told.recall(), told.precision()) == (3, 1.0, 1.0), told.faults


def test_of_each_kind_broken_links_and_near_misses_are_planted():
    scenario = planted(7)
    kinds = [row["kind"] for row in scenario["expect"]]
    assert set(PLANTS) == set(KINDS)
    assert all(kinds.count(kind) >= 20 for kind in KINDS)
    assert len(scenario["checks"]) >= 12 * 20


@pytest.mark.parametrize("seed", [31, 32])
def test_what_is_planted_is_found_and_near_misses_are_not(seed):
    told = links.score(planted(seed, each=10))
    assert all(told.recall(kind) == 1 for kind in KINDS), told.faults
    assert all(told.precision(kind) >= 0.95 for kind in KINDS), told.faults


@pytest.mark.prove
def test_twenty_untouched_seeds(capsys):
    assert links.main(["--seeds", "20"]) == 0, capsys.readouterr()


def test_a_miss_ends_with_1_and_is_told(tmp_path, capsys):
    scenario = example()
    scenario["expect"][0]["kind"] = "silent"
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(scenario))
    assert links.main([str(path)]) == 1
    assert "missed  silent           martin" in capsys.readouterr().err


def test_an_event_nobody_knows_is_told_and_left_out(capsys):
    scenario = example()
    scenario["events"] = [{"at": "2027-03-25T16:00:00Z", "type": "sneezed", "conversation": "martin"}]
    assert links.score(scenario).is_enough
    assert "event type 'sneezed' is not known" in capsys.readouterr().err


def test_a_kind_nobody_knows_is_refused_in_a_sentence():
    with pytest.raises(SystemExit, match="none of the twelve kinds"):
        links.score({**example(), "expect": [{"kind": "grumpy", "conversation": "martin", "at": "2027-03-25"}]})
