"""Django admin, opened by appointment and not by a flag on the account."""

from typing import Any

from django.contrib.admin.apps import AdminConfig

from schools.append_only import AppendOnly


class RegionAdminConfig(AdminConfig):
    default_site = "schools.admin.site.RegionAdminSite"

    def ready(self) -> None:
        super().ready()
        log: Any = self.get_model("LogEntry")
        log.append_only = AppendOnly()
