"""What we owe, by when: replies, solutions, call-backs and legs, in business hours; kept or broken, never lost."""
