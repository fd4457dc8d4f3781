"""Applications that this project configures in its own way."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Django's admin, with the site of this project."""

    default_site = "config.admin.AdminSite"
