"""A view of a list, and which one opens by itself for whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from mangrove.ledger.refs import Ref
from mangrove.registry.models import Organisation, User


class ListView(models.Model):
    """``route`` names the list, ``query`` is its address as it is opened. ``version`` rises with every change.

    One that is shared belongs to the unit of its ``owner`` at that time: whoever is in it reads, changes and deletes it.
    """

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="list_views")
    route = models.CharField(max_length=100)
    name = models.CharField(max_length=40)
    query = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.CharField(max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by_name = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["shared", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "route", "name"], condition=Q(shared=False), name="workbench_own_view_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "unit", "route", "name"], condition=Q(shared=True), name="workbench_shared_view_once"
            ),
            models.CheckConstraint(
                condition=Q(shared=False) | Q(organisation__isnull=False), name="workbench_shared_with_an_office"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        return Ref("workbench", "list_view", str(self.pk))

    @property
    def list_href(self) -> str:
        """The list itself; empty where no room has it any more."""
        try:
            return reverse(self.route)
        except NoReverseMatch:
            return ""

    @property
    def href(self) -> str:
        return f"{self.list_href}?{self.query}" if self.query else self.list_href


class DefaultView(models.Model):
    """The view with which a list opens for one person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="default_views")
    route = models.CharField(max_length=100)
    view = models.ForeignKey(ListView, on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "route"], name="workbench_default_view_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.route}"
