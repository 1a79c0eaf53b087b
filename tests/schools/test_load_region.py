"""The region's map comes from a table and may be loaded again."""

import pytest
from django.core.management import CommandError, call_command

from schools.models import Locality, Municipality, Region, Territory
from schools.regions import load_region

pytestmark = pytest.mark.django_db


def test_the_region_of_samara_is_loaded():
    loaded = load_region()
    assert (loaded.territories, loaded.municipalities) == (13, 37)
    assert Region.objects.get().name == "Самарская область"
    assert Municipality.objects.get(name="Кинель").territory.name == "Кинельское управление"
    assert Locality.objects.filter(name="Красный Яр", municipality__name="Красноярский").exists()


def test_loading_again_adds_nothing():
    load_region()
    again = load_region(name="Другая область")
    assert (again.territories, again.municipalities, again.localities) == (0, 0, 0)
    assert Region.objects.get().name == "Самарская область"


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "territory,municipality,kind,centre\nA,,city,B\n"])
def test_another_table_is_refused(tmp_path, text):
    table = tmp_path / "table.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("load_region", table)
    assert not Territory.objects.exists()
