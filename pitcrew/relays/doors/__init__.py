"""What people outside the desk open by a link: one leg, or the progress of the customer's own case."""
