"""The public pages, under the language that they are read in."""

from django.urls import URLPattern, URLResolver

app_name = "timeline"

urlpatterns: list[URLPattern | URLResolver] = []
