"""Django admin, opened by appointment."""

from django.contrib.admin import AdminSite


class RegionAdminSite(AdminSite):
    pass
