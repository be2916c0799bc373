"""An example by which the gaps of canned replies explain themselves."""

from pitcrew.conversations.canned import filled
from pitcrew.conversations.models import Conversation
from pitcrew.people.models import Customer, Department, Staff

MEANINGS = {
    "customer.name": "the customer's name",
    "customer.first_name": "its first word",
    "agent.name": "your name",
    "agent.first_name": "your first name",
    "conversation.number": "the number",
    "conversation.subject": "the subject",
    "department.name": "the department",
    "progress.link": "the customer's page that shows how far it is",
}


def example(staff: Staff) -> list[tuple[str, str, str]]:
    """Each gap with what it means and what it becomes in a conversation of Martin's."""
    conversation = Conversation(
        pk=4711,
        subject="Card has not arrived",
        customer=Customer(name="Martin Haas"),
        department=Department(name="Front desk"),
    )
    return [(f"{{{gap}}}", means, filled(f"{{{gap}}}", conversation, staff)) for gap, means in MEANINGS.items()]
