"""What the documents room refuses, in words that an officer can act on."""


class DocumentError(ValueError):
    """A document cannot be made or read as asked.

    The message is Chinese and says what was wrong, where, which rule, and what to do.
    """
