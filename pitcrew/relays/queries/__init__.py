"""Questions about relays and their legs."""

from pitcrew.relays.outcomes import asks_of, step_of
from pitcrew.relays.queries.drafts import AskedFirst, asked_first, follow_up_draft
from pitcrew.relays.queries.legs import LegsFor, leg_numbered, legs_for, legs_of, live_legs_of
from pitcrew.relays.queries.moving import Move, preview_move
from pitcrew.relays.queries.parties import Party, holder_of
from pitcrew.relays.queries.prefilled import prefill
from pitcrew.relays.queries.tracks import Station, Track, spent_in, track, track_of

__all__ = [
    "AskedFirst",
    "Move",
    "asked_first",
    "follow_up_draft",
    "preview_move",
    "LegsFor",
    "Party",
    "Station",
    "Track",
    "asks_of",
    "holder_of",
    "leg_numbered",
    "legs_for",
    "legs_of",
    "live_legs_of",
    "prefill",
    "spent_in",
    "step_of",
    "track",
    "track_of",
]
