"""For gunicorn: ``gunicorn mangrove.workbench.wsgi``."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mangrove.workbench.settings")
application = get_wsgi_application()

# Every room is loaded before the first visitor comes, and what is loaded stays for good: the garbage collector need
# not walk it again and again. Its walks were half of a page's time at the 95th percentile.
import_module("mangrove.workbench.urls")
gc.collect()
gc.freeze()
