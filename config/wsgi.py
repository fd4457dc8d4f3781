"""What a WSGI server calls; refuses to start half-configured."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

from config.settings import refuse_to_serve_unset

refuse_to_serve_unset()
application = get_wsgi_application()

from timeline.ahead import read_ahead  # noqa: E402 — only once Django stands
from timeline.clock import today  # noqa: E402

read_ahead(today())
