"""In English every page of the room is English; what stays in Chinese is what people wrote, and is marked as Chinese."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from mangrove.registry.models import User
from mangrove.ui.catalogue import compile_catalogues
from workbench.reading_pages import read

from .scene import Reviews, set_the_reviews

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def catalogues() -> None:
    compile_catalogues()
    translation.trans_real._translations.clear()


def pages(scene: Reviews) -> dict[str, list[str]]:
    def at(name: str, *args: Any) -> str:
        return reverse(f"reviews:{name}", args=args)

    scoring, item, mine = scene.scoring.pk, scene.item.pk, scene.submitted.pk
    return {
        "officer_a": [
            at("experts"), at("expert", scene.expert.pk), at("admit"), at("change_expert", scene.expert.pk),
            at("suspension", scene.expert.pk), at("rounds"), at("open"), at("round", scoring),
            at("round", scene.released.pk), at("add_item", scene.preparing.pk), at("item", item),
            at("add_file", scene.preparing_item.pk), at("unsuitable", item), at("draw", scoring),
            f"{at('assign', scoring)}?{scene.choice}", at("oversee", mine, "recuse"), at("oversee", mine, "reopen"),
            *(at("round_act", scoring, act) for act in ("start", "close", "release")), "/inbox/",
        ],
        "expert_1": [
            at("desk"), at("assignment", scene.to_declare.pk), at("assignment", scene.marking.pk),
            at("assignment", mine), at("leave", scene.to_declare.pk), "/inbox/", "/inbox/?show=done",
        ],
        "applicant_1": [at("released"), at("comments", scene.released_item.pk)],
    }  # fmt: skip


def test_pages_in_english_show_chinese_only_where_it_is_marked() -> None:
    scene, unmarked = set_the_reviews(), {}
    for username, addresses in pages(scene).items():
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            unmarked |= dict.fromkeys(read(answer.content.decode()).plain, address)
    assert not unmarked
