"""What the registry keeps: organisations under dated names, their units, districts, and accounts."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

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


class Organisation(models.Model):
    """A body with its own name: a bureau, an operator, a firm, a committee of the congress.

    ``name`` is the full name of today; every name it ever had is an :class:`OrganisationName`.
    ``kind`` and ``scope`` are words of the vocabulary; ``source`` is a list of source ids separated by ``;``.
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

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        return Ref("registry", "organisation", self.pk)


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
