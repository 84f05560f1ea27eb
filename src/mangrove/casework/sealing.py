"""What the ledger keeps of what it must not say: a digest with a salt that only the row holds.

Who has the row can show that it is what was recorded; who has the ledger alone learns nothing, and cannot try names.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.hashing import canonical
from mangrove.ledger.refusals import Refusal

#: Shorter words are parts of any sentence.
TELLING = 2


def new_salt() -> str:
    return secrets.token_hex(16)


def digest_of(salt: str, said: Mapping[str, Any]) -> str:
    return hashlib.sha256((salt + canonical(said)).encode()).hexdigest()


def refuse_telling(secrets_kept: Iterable[str], text: str, where: str) -> None:
    """A reason goes into the ledger, which many read for ever: it must not say what is kept secret."""
    told = [one for one in secrets_kept if len(one.strip()) >= TELLING and one.strip() in text]
    if told:
        raise Refusal(
            _("这里写的会记入账本，不能写出保密的内容。"), code="casework.telling", where=where,
            rule=_("身份保密，只限办理处室知悉"), remedy=_("请改写，不出现姓名、单位、联系方式和所核验的号码。"),
        )  # fmt: skip
