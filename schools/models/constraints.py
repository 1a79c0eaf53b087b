"""A foreign key of two columns, which Django has no word for."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.utils.translation import gettext_lazy as _


class SameOwner(models.BaseConstraint):
    """What the foreign key `field` points at belongs to the same `owner` as this row does.

    In the database: FOREIGN KEY (field, owner) REFERENCES target (id, owner); the target needs a
    unique constraint over (id, owner). A row whose `field` is empty passes.
    """

    def __init__(self, *, field: str, name: str, owner: str = "organisation") -> None:
        super().__init__(
            name=name, violation_error_message=_("This belongs to another organisation or year.")
        )
        self.field, self.owner = field, owner

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Nothing inside CREATE TABLE: the key is added once both tables stand."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        quote = schema_editor.quote_name
        field, owner = model._meta.get_field(self.field), model._meta.get_field(self.owner)
        target = field.remote_field.model
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s) "
            "REFERENCES %(target)s (id, %(target_owner)s) DEFERRABLE INITIALLY DEFERRED",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            columns=f"{quote(field.column)}, {quote(owner.column)}",
            target=quote(target._meta.db_table),
            target_owner=quote(target._meta.get_field(self.owner).column),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        if {self.field, self.owner} & set(exclude or ()) or getattr(instance, f"{self.field}_id") is None:
            return
        owner = f"{self.owner}_id"
        if getattr(getattr(instance, self.field), owner) != getattr(instance, owner):
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path = f"{type(self).__module__}.{type(self).__qualname__}"
        return path, (), {"field": self.field, "name": self.name, "owner": self.owner}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameOwner) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)
