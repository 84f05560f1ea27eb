"""An organisation is chosen by typing: by any name of today, by credit code; what is not sure is asked back, never guessed."""

from __future__ import annotations

import pytest
from django import forms
from django.test import Client

from mangrove.registry.choosing import OrganisationField
from mangrove.registry.models import Organisation, OrganisationName, User

pytestmark = pytest.mark.django_db
CODE = "91440300MA5EQ0X43E"


class Form(forms.Form):
    one = OrganisationField()


@pytest.fixture(autouse=True)
def register() -> None:
    for id, name, code in (("a", "深圳市样例甲通信有限公司", CODE), ("b", "深圳市样例乙通信有限公司", None)):
        Organisation.objects.create(id=id, name=name, credit_code=code, kind="firm", scope="city")
        for kind, text in (("full", name), ("short", "样例通信")):
            OrganisationName.objects.create(organisation_id=id, kind=kind, text=text, key=text)


@pytest.mark.parametrize(
    "said", ["深圳市样例甲通信有限公司", CODE, CODE.lower(), "a", " 深圳市样例甲通信有限公司 "]
)
def test_it_is_found_by_its_name_its_code_or_its_key(said: str) -> None:
    form = Form({"one": said})
    assert form.is_valid() and form.cleaned_data["one"].pk == "a"


def test_who_is_not_there_is_told_who_may_be_meant() -> None:
    form = Form({"one": "样例甲通信公司"})
    assert (
        not form.is_valid()
        and "深圳市样例甲通信有限公司" in str(form.errors)
        and 'value="样例甲通信公司"' in str(form["one"])
    )


def test_what_no_database_holds_is_no_name(client: Client) -> None:
    form = Form({"one": "样例\0甲"})
    assert not form.is_valid() and "one" in str(form["one"])
    client.force_login(User.objects.create(username="x", name="甲", password="!", roles=["case_officer"]))
    assert client.get("/registry/organisations/suggested/", {"q": "样例\0乙通信"}).json()["names"]


def test_a_name_that_two_bear_is_not_guessed() -> None:
    assert "不止一个" in str(Form({"one": "样例通信"}).errors)


def test_the_register_suggests_as_one_types_and_only_to_who_is_signed_in(client: Client) -> None:
    assert client.get("/registry/organisations/suggested/?q=样例").status_code == 302
    client.force_login(User.objects.create(username="x", name="甲", password="!", roles=["case_officer"]))
    assert client.get("/registry/organisations/suggested/?q=样例乙").json() == {
        "names": ["深圳市样例乙通信有限公司"]
    }
    assert client.get("/registry/organisations/suggested/?q=").json()["names"] == []
