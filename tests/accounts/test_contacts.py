"""E-mail and telephone are changed by codes, and the old ones hear of it."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import PhoneNumber, SecretQuestion
from messaging.models import Outgoing
from schools.models.documents import document_hashes
from tests.accounts.test_proving_again import sign_in

OLD, NEW = "old@family.example", "new@family.example"
OLD_NUMBER, NEW_NUMBER = "+79271234567", "+79277654321"


@pytest.fixture
def parent(cast: Any) -> Client:
    """Signed in, with a confirmed e-mail and telephone."""
    give_contacts(cast.parent.account)
    return sign_in(cast.parent)


def give_contacts(account: Any, email: str = OLD, number: str = OLD_NUMBER) -> None:
    EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    PhoneNumber.objects.create(
        account=account, number=number, number_hash=document_hashes(number)[0], confirmed_at=timezone.now()
    )


def last(recipient: str) -> Outgoing:
    return next(row for row in Outgoing.objects.newest_first() if row.recipient == recipient)


def code_to(recipient: str) -> str:
    found = re.search(r"\b\d{6}\b", last(recipient).text)
    assert found
    return found[0]


def change_email(client: Client, email: str = NEW) -> Any:
    return client.post(reverse("account_email"), {"action_add": "1", "email": email})


def confirm_email(client: Client, code: str) -> Any:
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def change_number(client: Client, number: str = "8 927 765-43-21") -> Any:
    return client.post(reverse("account_change_phone"), {"phone": number})


def test_the_old_email_holds_until_the_code_is_entered(cast: Any, parent: Client):
    change_email(parent)
    assert EmailAddress.objects.get(user=cast.parent.account).email == OLD
    assert confirm_email(parent, code_to(NEW))["Location"] == reverse("accounts:security")
    assert EmailAddress.objects.get(user=cast.parent.account).email == NEW


def test_the_old_email_hears_of_the_change_without_the_new_one(parent: Client):
    change_email(parent)
    confirm_email(parent, code_to(NEW))
    letter = last(OLD)
    assert "изменена почта" in letter.subject
    assert NEW not in letter.text


def test_a_wrong_code_changes_nothing(cast: Any, parent: Client):
    change_email(parent)
    assert confirm_email(parent, "000000").status_code == 200
    assert EmailAddress.objects.get(user=cast.parent.account).email == OLD


def test_another_accounts_email_gets_a_letter_in_the_codes_place(cast: Any, parent: Client):
    EmailAddress.objects.create(user=cast.outsider.account, email=NEW, verified=True)
    assert change_email(parent)["Location"] == reverse("account_email_verification_sent")
    assert not re.search(r"\b\d{6}\b", last(NEW).text)


def test_the_number_is_changed_by_the_code(cast: Any, parent: Client):
    assert change_number(parent)["Location"] == reverse("account_verify_phone")
    parent.post(reverse("account_verify_phone"), {"code": code_to(NEW_NUMBER)})
    assert PhoneNumber.objects.get(account=cast.parent.account).number == NEW_NUMBER


def test_the_old_number_and_the_email_hear_of_it(parent: Client):
    change_number(parent)
    parent.post(reverse("account_verify_phone"), {"code": code_to(NEW_NUMBER)})
    assert "изменён телефон" in last(OLD_NUMBER).text
    assert NEW_NUMBER not in last(OLD_NUMBER).text + last(OLD).text


def test_somebody_elses_number_is_not_taken_over(cast: Any, parent: Client):
    give_contacts(cast.outsider.account, email="x@y.example", number=NEW_NUMBER)
    change_number(parent)
    assert not re.search(r"\b\d{6}\b", last(NEW_NUMBER).text)
    parent.post(reverse("account_verify_phone"), {"code": "000000"})
    assert PhoneNumber.objects.get(account=cast.parent.account).number == OLD_NUMBER


def test_an_email_is_replaced_and_not_removed(cast: Any, parent: Client):
    parent.post(reverse("account_email"), {"action_remove": "1", "email": OLD})
    assert EmailAddress.objects.get(user=cast.parent.account).email == OLD


def test_the_secret_question_is_set_and_told(cast: Any, parent: Client):
    typed = {"question": "Как звали первую собаку?", "answer": "Шарик"}
    assert parent.post(reverse("accounts:secret-question"), typed)["Location"] == reverse("accounts:security")
    assert SecretQuestion.objects.get(account=cast.parent.account).is_answered_by(" шарик")
    assert "секретный вопрос" in last(OLD).subject
    assert "Шарик" not in last(OLD).text


def test_the_outsider_sees_only_the_own_contacts(cast: Any, parent: Client):
    page = sign_in(cast.outsider).get(reverse("accounts:security")).content.decode()
    assert OLD not in page
    assert OLD_NUMBER not in page
    assert OLD in parent.get(reverse("accounts:security")).content.decode()
