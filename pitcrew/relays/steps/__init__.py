"""The steps of a template: what they may be, their branches, and how they are written down."""
