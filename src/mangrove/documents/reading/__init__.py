"""Reading a letter that another bureau wrote: its elements, numbers, claims, promises, and what is doubtful in them.

Everything works by rules and by the vocabulary in ``words/*.yaml``; nothing is learnt and nothing is fetched. Spans are
character offsets into the text that was read, end exclusive, and ``text[start:end]`` is always what is reported.
"""
