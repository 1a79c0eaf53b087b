"""Django admin, opened by appointment and not by a flag on the account."""

from django.contrib.admin.apps import AdminConfig


class RegionAdminConfig(AdminConfig):
    default_site = "schools.admin.site.RegionAdminSite"
