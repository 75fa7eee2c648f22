"""The WSGI application, as granian and any other server load it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from broadsheet.jobs.parent import end_with_parent
from broadsheet.papers import database_file

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.site.settings")
application = get_wsgi_application()
database_file.watch()
end_with_parent()
