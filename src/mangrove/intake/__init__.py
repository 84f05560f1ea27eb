"""How anybody applies for anything: forms as data, drafts, attachments, receipts, submission, the formal check.

A programme publishes a form (``actions.publish_form``), opens a window for it (``actions.open_window``) and hears of what comes
in (``hooks.listen``). Drafts are revisions and no acts; the first act of an applicant is the submission.
"""
