"""Tables that the application may add to, and not rewrite."""

from dataclasses import dataclass

from django.apps import apps


@dataclass(frozen=True)
class AppendOnly:
    """Rows that give the history its meaning: the application adds and reads them, and may not rewrite
    them (`schools.database.grant_rights`). `columns` may be updated all the same; `may_be_deleted`
    where rows grow old and go; not `may_be_added` where only the database's own functions write."""

    columns: tuple[str, ...] = ()
    may_be_deleted: bool = False
    may_be_added: bool = True

    @classmethod
    def by_table(cls) -> dict[str, "AppendOnly"]:
        models = apps.get_models(include_auto_created=True)
        return {model._meta.db_table: rule for model in models if (rule := vars(model).get("append_only"))}
