"""What the room keeps: proposals, who answers them, drafts as revisions, what was signed, and what came of it.

A proposal is not its reply: one proposal has as many replies as units that answer it (主办, 分办), and asks
for opinions from others (会办). Statistics count replies.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import Case
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref


class Proposal(models.Model):
    """A proposal as it came in. ``original_text`` is empty when the papers at hand do not hold it.

    One that was registered by mistake is ``withdrawn``, and its number free again.
    ``importance`` is the id of a sign-off rule of the rule pack (``ordinary``, ``key``): it decides who may sign.
    """

    KINDS = [("建议", _("人大代表建议")), ("提案", _("政协提案"))]

    id = models.CharField(max_length=48, primary_key=True)
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=KINDS, default="建议")
    title = models.CharField(max_length=200)
    meeting = models.CharField(max_length=100)
    lead_deputy = models.CharField(max_length=50)
    co_signers = models.CharField(max_length=300, blank=True)
    deputies = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="proposals", blank=True)
    original_text = models.TextField(blank=True)
    received_on = models.DateField()
    importance = models.CharField(max_length=20, default="ordinary")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="proposal")
    note = models.TextField(blank=True)
    synthetic = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["-number", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "meeting", "number"],
                condition=models.Q(withdrawn=False),
                name="proposals_number_once_a_meeting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @staticmethod
    def key(kind: str, number: str, meetings_before: int = 0) -> str:
        """The id: the number itself for a 建议; the two kinds are numbered apart, so a 提案 is prefixed.

        Many cities begin anew at 1 with each meeting: where ``meetings_before`` have the number already, the id ends
        in ``_2`` and so on. The number itself stays as it is.
        """
        plain = number if kind == "建议" else f"zx{number}"
        return f"{plain}_{meetings_before + 1}" if meetings_before else plain

    @property
    def ref(self) -> Ref:
        return Ref("proposals", "proposal", self.pk)


class Reply(models.Model):
    """One unit's part of a proposal, and the letter that it answers with. The id is ``20210615-1``.

    ``document_number`` is that of the letter now standing; every letter keeps its own (:class:`Numbering`).
    """

    PARTS = [("主办", _("主办")), ("分办", _("分办")), ("会办", _("会办"))]
    OPENNESS = [("主动公开", _("主动公开")), ("依申请公开", _("依申请公开")), ("不予公开", _("不予公开"))]

    id = models.CharField(max_length=60, primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="replies")
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="replies"
    )
    part = models.CharField(max_length=4, choices=PARTS, default="主办")
    handed_on = models.DateField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reply")
    openness = models.CharField(max_length=10, choices=OPENNESS, default="主动公开")
    openness_reason = models.TextField(blank=True)
    result_class = models.CharField(max_length=1, blank=True)
    contact = models.CharField(max_length=100, blank=True)
    copies = models.JSONField(default=list)
    document_number = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["proposal_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document_number"],
                condition=~models.Q(document_number=""),
                name="proposals_number_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal.number} {self.organisation} {self.part}"

    @property
    def ref(self) -> Ref:
        return Ref("proposals", "reply", self.pk)


class Draft(models.Model):
    """One revision of the reply's text with its live figures and marks. Drafts are revisions, not acts."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="drafts")
    revision = models.PositiveIntegerField()
    text = models.TextField()
    saved_by = models.CharField(max_length=150)
    saved_by_name = models.CharField(max_length=150)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["reply_id", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "revision"], name="proposals_one_text_a_revision")
        ]

    def __str__(self) -> str:
        return f"{self.reply} 第{self.revision}稿"


class SignedLetter(models.Model):
    """What was signed, word for word: the sign-off binds to ``content_hash``. Never edited; superseded by a newer one."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="signed_letters")
    version = models.PositiveIntegerField()
    head = models.JSONField()
    body = models.TextField()
    marks = models.JSONField()
    figures = models.JSONField()
    content_hash = models.CharField(max_length=64)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="signed_letters")
    signer = models.CharField(max_length=150)
    signer_name = models.CharField(max_length=150)
    signer_rank = models.CharField(max_length=40)
    opinion = models.TextField()
    signed_on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="signed_letter")

    class Meta:
        ordering = ["reply_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "version"], name="proposals_one_letter_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.reply} {self.signed_on}"

    @property
    def ref(self) -> Ref:
        return Ref("proposals", "signed_letter", str(self.pk))

    @property
    def document_number(self) -> str:
        """Its own number, empty before it was given one and after it gave it up."""
        given = Numbering.objects.filter(letter=self, given_up=False).first()
        return given.number if given else ""


class Numbering(models.Model):
    """The 发文字号 of one signed letter. One that was recalled has given its number up; one that was sent keeps it."""

    letter = models.OneToOneField(SignedLetter, on_delete=models.PROTECT, related_name="numbering")
    number = models.CharField(max_length=60)
    given_up = models.BooleanField(default=False)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="numbering")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(given_up=False), name="proposals_letter_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.number


class DifferenceReport(models.Model):
    """Figures that print differently today than in a signed letter. It changes nothing; the signer decides."""

    letter = models.ForeignKey(SignedLetter, on_delete=models.PROTECT, related_name="differences")
    changes = models.JSONField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="difference_report")

    class Meta:
        ordering = ["letter_id", "id"]

    def __str__(self) -> str:
        return f"{self.letter} 差异 {len(self.changes)} 处"


class Contact(models.Model):
    """One talk with a deputy before the reply (联系代表): by what means, about what."""

    MEANS = [
        ("电话", _("电话")),
        ("面谈", _("面谈")),
        ("座谈", _("座谈")),
        ("调研", _("调研")),
        ("书面", _("书面")),
    ]

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="contacts")
    deputy = models.CharField(max_length=50)
    means = models.CharField(max_length=4, choices=MEANS)
    on = models.DateField()
    summary = models.TextField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="deputy_contact")

    class Meta:
        ordering = ["reply_id", "on", "id"]

    def __str__(self) -> str:
        return f"{self.on} {self.means} {self.deputy}"


class Opinion(models.Model):
    """What a co-handling unit (会办) tells the lead unit; an empty one is not an opinion."""

    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, related_name="opinion")
    text = models.TextField()
    openness = models.CharField(max_length=10, choices=Reply.OPENNESS)
    on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="co_opinion")

    def __str__(self) -> str:
        return self.text[:40]


class Delivery(models.Model):
    """To whom the signed letter went, on which day, by what means."""

    letter = models.ForeignKey(SignedLetter, on_delete=models.PROTECT, related_name="deliveries")
    to = models.CharField(max_length=100)
    means = models.CharField(max_length=40)
    on = models.DateField()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")

    class Meta:
        ordering = ["letter_id", "id"]

    def __str__(self) -> str:
        return f"{self.to} {self.on}"


class Rating(models.Model):
    """A deputy's own judgement, for attitude and for result, on the scale of the rule pack. The rated unit reads it and can never write it."""

    letter = models.ForeignKey(SignedLetter, on_delete=models.PROTECT, related_name="ratings")
    deputy = models.CharField(max_length=150)
    deputy_name = models.CharField(max_length=150)
    attitude = models.CharField(max_length=4)
    result = models.CharField(max_length=4)
    reason = models.TextField(blank=True)
    on = models.DateField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="rating")

    class Meta:
        ordering = ["letter_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "deputy"], name="proposals_one_rating_a_deputy")
        ]

    def __str__(self) -> str:
        return f"{self.deputy_name} {self.attitude}/{self.result}"


class Claim(models.Model):
    """A statement of a letter that has no number (“全国第一个…”). What stands behind it is said by the figures."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="claims")
    number = models.CharField(max_length=10)
    text = models.TextField()

    class Meta:
        ordering = ["proposal_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="proposals_one_claim_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


# Django finds the models of a room through this module.
from mangrove.proposals.received.models import ReceivedItem, ReceivedLetter  # noqa: E402, F401
