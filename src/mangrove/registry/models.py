"""What the registry keeps: organisations under dated names, their units, districts, and accounts."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.refs import Actor, Ref

VERIFIED, UNVERIFIED = "verified", "unverified"


class Source(models.Model):
    """Where a row of the city's data comes from; rows name it by id."""

    id = models.SlugField(max_length=40, primary_key=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=100)
    published_on = models.CharField(max_length=20, blank=True)
    where = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)
    check_status = models.CharField(max_length=12, default=UNVERIFIED)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class District(models.Model):
    """A district of the city, or a functional area (大鹏新区) that acts like one. ``code`` is the GB/T 2260 code."""

    id = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    short_name = models.CharField(max_length=20, unique=True)
    name_en = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=6, null=True, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    check_status = models.CharField(max_length=12, default=UNVERIFIED)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Organisations(models.QuerySet["Organisation"]):
    def standing(self) -> Organisations:
        """Those that answer for themselves: what was merged into another is no longer chosen or listed."""
        return self.filter(merged_into=None)


class Organisation(models.Model):
    """A body with its own name: a bureau, an operator, a firm, a committee of the congress.

    ``name`` is the full name of today; every name it ever had is an :class:`OrganisationName`.
    ``kind`` and ``scope`` are words of the vocabulary; ``source`` is a list of source ids separated by ``;``.
    ``merged_into``: the entry of the same body that answers for this one, see ``merging``; never more than one step.
    """

    id = models.SlugField(max_length=64, primary_key=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    credit_code = models.CharField(max_length=18, null=True, unique=True)
    credit_code_status = models.CharField(max_length=12, default=UNVERIFIED)
    kind = models.CharField(max_length=20, default="firm")
    trade = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=20, default="city")
    place = models.CharField(max_length=60, blank=True)
    ticker = models.CharField(max_length=60, blank=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="organisations")
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False)
    check_status = models.CharField(max_length=12, default=UNVERIFIED)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    objects = Organisations.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="registry_not_merged_into_itself",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        return Ref("registry", "organisation", self.pk)

    @property
    def standing(self) -> Organisation:
        """The entry that answers for this body: itself, or what it was merged into."""
        return self.merged_into or self

    @property
    def bodies(self) -> frozenset[str]:
        return bodies_of(self.pk)


def bodies_of(*ids: str | None) -> frozenset[str]:
    """The ids of all entries that are the same bodies as these.

    Rows of every room keep the entry under which they were made: whoever asks what belongs to a body asks by these.
    """
    given = {id for id in ids if id}
    if not given:
        return frozenset()
    kept = Organisation.objects.filter(pk__in=given).values(kept=Coalesce("merged_into", "pk"))
    entries = Organisation.objects.filter(Q(pk__in=kept) | Q(merged_into__in=kept))
    return frozenset(given.union(entries.order_by().values_list("pk", flat=True)))


class NamesOnADay(models.QuerySet["OrganisationName"]):
    def valid_on(self, on: date) -> NamesOnADay:
        """Names in use that day: from ``valid_from`` on, up to but without ``valid_until``."""
        begun = Q(valid_from=None) | Q(valid_from__lte=on)
        return self.filter(begun, Q(valid_until=None) | Q(valid_until__gt=on))


class OrganisationName(models.Model):
    """A name and the days it was in use, half-open; an unknown end is open. ``kind``: full, short, alias, english.

    ``key`` is ``decisions.name_key(text)``: what names are compared by.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=200)
    key = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=12)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)
    check_status = models.CharField(max_length=12, default=UNVERIFIED)

    objects = NamesOnADay.as_manager()

    class Meta:
        ordering = ["organisation_id", "kind", "valid_from", "text"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_from__lt=F("valid_until")),
                name="registry_name_half_open",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "text", "valid_from"], name="registry_name_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "text"],
                condition=Q(valid_from=None),
                name="registry_name_once_undated",
            ),
            # Two imports at once do not see each other: no two bodies bear one full name today.
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(kind="full", valid_until=None),
                name="registry_full_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Unit(models.Model):
    """A 处室 of an organisation, named by what it does."""

    id = models.SlugField(max_length=64, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    duty = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["organisation_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="registry_unit_once")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """An account. People appear as roles (经办人甲); sample accounts name no real person but the addressee.

    ``roles`` is a list of role ids, see ``registry/roles.py``; ``unit`` is the 处室 within the organisation.
    """

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=150)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="users")
    unit = models.CharField(max_length=100, blank=True)
    rank = models.CharField(max_length=40, blank=True)
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    synthetic = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """This person as the ledger writes them."""
        return Actor(
            self.username, self.name, self.unit or (self.organisation.name if self.organisation else "")
        )

    @property
    def ref(self) -> Ref:
        return Ref("registry", "account", self.username)

    @cached_property
    def bodies(self) -> frozenset[str]:
        """The entries of this person's organisation, however many were merged; asked once a request."""
        return bodies_of(self.organisation_id)

    @property
    def body(self) -> Organisation | None:
        """The entry that answers for this person's organisation: what they begin is begun under it."""
        return self.organisation and self.organisation.standing

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)


class FormerPassword(models.Model):
    """The hash of a password an account once had, so that it cannot simply come back."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=128)
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.replaced_at:%Y-%m-%d}"


class SignIn(models.Model):
    """One sign-in of an account. The session holds its ``id``, never the other way round: no key of a session is kept here.

    ``seen_at`` is when somebody was last at it, to within a minute; what a page asks by itself does not count.
    """

    ENDS = [
        ("signed_out", _("本人退出")),
        ("ended", _("本人结束")),
        ("password", _("改了密码")),
        ("security", _("安全管理员结束")),
        ("closed", _("账号停用")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, choices=ENDS, blank=True)

    class Meta:
        ordering = ["-began_at", "id"]
        indexes = [models.Index(fields=["user", "ended_at"], name="registry_open_sign_ins")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.began_at:%Y-%m-%d %H:%M}"


class SignOn(models.Model):
    """Who an account is at a provider of single sign-on, see ``sign_on.py``. ``subject``: its ``sub`` there."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ons")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)

    class Meta:
        ordering = ["user_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "user"], name="registry_sign_on_one_subject"),
            models.UniqueConstraint(fields=["issuer", "subject"], name="registry_sign_on_one_account"),
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class SecondFactor(models.Model):
    """The one-time codes of an account, under way until ``confirmed_at``. ``salt`` alone makes no code, see ``second_factor.py``.

    ``last_step`` is the newest step of time whose code was used: none up to it is taken again.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    salt = models.CharField(max_length=32)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.user_id)


class RecoveryCode(models.Model):
    """A code for who has lost the telephone, kept as a keyed hash and taken once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    hash = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["user_id", "id"]

    def __str__(self) -> str:
        return str(self.user_id)


class AccountChange(models.Model):
    """A change of an account that one administrator proposed and another decides on; ``content`` is what it would become."""

    KINDS = [("open", _("开立账号")), ("roles", _("变更角色")), ("close", _("停用账号"))]
    STATES = [("proposed", _("待复核")), ("confirmed", _("已复核")), ("declined", _("不同意"))]

    kind = models.CharField(max_length=8, choices=KINDS)
    username = models.CharField(max_length=150)
    content = models.JSONField(default=dict)
    why = models.CharField(max_length=300)
    proposed_by = models.CharField(max_length=150)
    proposed_by_name = models.CharField(max_length=150)
    proposed_on = models.DateField()
    state = models.CharField(max_length=10, choices=STATES, default="proposed")
    decided_by = models.CharField(max_length=150, blank=True)
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_on = models.DateField(null=True)
    decided_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["username"], condition=Q(state="proposed"), name="registry_one_change_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.kind}"


# Django finds the models of a room through this module.
from mangrove.registry.merging.models import Merge  # noqa: E402, F401
from mangrove.registry.records.models import Record  # noqa: E402, F401
