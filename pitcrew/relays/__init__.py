"""Handing work across departments: templates, legs, briefs, the baton, the follow-up."""
