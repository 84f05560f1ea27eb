"""What a job is called is kept in Chinese, whoever asks for it, and said in the reader's language."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from mangrove.jobs.models import Job
from mangrove.ledger.models import Event
from mangrove.registry.models import Organisation, User
from mangrove.ui.catalogue import compile_catalogues


@pytest.mark.django_db
def test_a_file_looked_at_by_an_english_reader_is_named_in_chinese_and_read_in_english() -> None:
    compile_catalogues()
    home = Organisation.objects.create(id="home", name="市工信局")
    user = User.objects.create(username="reg", name="登记员", organisation=home, roles=["registrar"])
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    file = SimpleUploadedFile("list.csv", io.BytesIO("机构名称,类别\n甲,企业".encode()).read())
    address = reverse("registry:import", args=["organisations"])
    sent = client.post(address, {"file": file, "source": "样例", "on": timezone.localdate()})
    assert sent.status_code == 302
    job = Job.objects.get()
    assert job.title == "核对 list.csv"
    assert "核对 list.csv" in Event.objects.get(act="jobs.submit").body.text
    with translation.override("en"):
        english = job.said
    assert english != job.title and "list.csv" in english and english in client.get(sent.url).content.decode()
