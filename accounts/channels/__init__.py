"""Ways a message leaves the house. Each is a function `deliver(message)`, back when the far end has taken it.

It raises Undeliverable where trying again is useless, and any other error where it may help.
"""


class Undeliverable(Exception):
    """The far end refuses this message for good."""
