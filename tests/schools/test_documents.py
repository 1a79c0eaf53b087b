"""SNILS: its control digits, its hash that survives a change of keys, its mask."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from schools.models import Person
from schools.models.documents import clean_snils, document_hashes, mask_snils
from schools.rehashing import rehash_documents
from tests import factories as make
from tests.schedule.workbooks import snils

NUMBERS = st.integers(1_001_999, 999_999_999).filter(lambda number: len(set(f"{number:09d}")) > 1)


@given(number=NUMBERS)
def test_the_control_number_is_checked(number):
    digits = clean_snils(snils(number))
    assert digits[:9] == f"{number:09d}"
    wrong = (int(digits[9:]) + 1) % 100
    with pytest.raises(ValidationError):
        clean_snils(f"{digits[:9]}{wrong:02d}")


@given(number=NUMBERS, place=st.integers(0, 8), change=st.integers(1, 9))
def test_one_wrong_digit_is_found(number, place, change):
    digits = clean_snils(snils(number))
    other = str((int(digits[place]) + change) % 10)
    wrong = digits[:place] + other + digits[place + 1 :]
    if int(wrong[:9]) <= 1_001_998 or {digits[9:]} == {"00"}:
        return  # no control number; or 100 and 0 share their digits
    with pytest.raises(ValidationError):
        clean_snils(wrong)


@pytest.mark.parametrize("text", ["112-233-445 95", "11223344595", "112 233 445 95", "112-233-445\u00a095"])
def test_spellings(text):
    assert clean_snils(text) == "11223344595"


def test_the_oldest_numbers_have_no_control_number():
    assert clean_snils("001-001-998 77") == "00100199877"
    with pytest.raises(ValidationError):
        clean_snils("001-001-999 77")


@pytest.mark.parametrize("text", ["123", "112-233-445 9", "112-233-445 955", "abc-def-ghi jk", "١١٢٢٣٣٤٤٥٩٥"])
def test_what_is_no_snils(text):
    with pytest.raises(ValidationError):
        clean_snils(text)


@pytest.mark.parametrize("text", ["000-000-000 00", "00000000000", "111-111-111 45", "999-999-999 06"])
def test_what_fills_a_field_that_insists_is_no_snils(text):
    with pytest.raises(ValidationError):
        clean_snils(text)


def test_empty_stays_empty():
    assert clean_snils(" ") == ""
    assert mask_snils("") == ""


def test_the_mask_hides_the_first_six_digits():
    assert mask_snils("11223344595") == "***-***-445 95"


@pytest.mark.django_db
def test_the_database_holds_no_plain_number():
    person = make.PersonFactory(snils="11223344595")
    with connection.cursor() as cursor:
        cursor.execute("SELECT snils, snils_hash FROM schools_person WHERE id = %s", [person.pk])
        stored, digest = cursor.fetchone()
    assert "11223344595" not in stored + digest
    assert Person.objects.get(pk=person.pk).snils == "11223344595"


@pytest.mark.django_db
def test_old_keys_still_read_and_match(settings):
    person = make.PersonFactory(snils="11223344595")
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    settings.HASH_KEYS = ["a-new-key", *settings.HASH_KEYS]
    assert Person.objects.with_snils("11223344595").get().snils == "11223344595"
    assert document_hashes("11223344595")[0] != person.snils_hash


def change_keys(settings):
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    settings.HASH_KEYS = ["a-new-key", *settings.HASH_KEYS]


@pytest.mark.django_db
def test_after_a_change_of_keys_the_old_ones_can_go(settings):
    person = make.PersonFactory(snils="11223344595")
    change_keys(settings)
    assert rehash_documents() == (1, [])
    assert rehash_documents() == (0, [])
    settings.ENCRYPTION_KEYS, settings.HASH_KEYS = settings.ENCRYPTION_KEYS[:1], settings.HASH_KEYS[:1]
    assert Person.objects.with_snils("11223344595").get() == person
    assert Person.objects.get(pk=person.pk).snils == "11223344595"


@pytest.mark.django_db
def test_a_second_file_made_during_the_change_is_named(settings):
    first = make.PersonFactory(snils="11223344595")
    change_keys(settings)
    make.PersonFactory(snils="11223344595")
    assert rehash_documents() == (0, [first.pk])
