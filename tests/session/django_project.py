"""A Django project with users, sessions and Django's own login and logout views, on SQLite in a file."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import django
from django.conf import settings

FOLDER = Path(tempfile.mkdtemp())
PASSWORD = "what only they know"

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        SECRET_KEY="of the test",
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "users.sqlite"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # which is fast
        LOGIN_REDIRECT_URL="/shop/",
        LOGOUT_REDIRECT_URL="/login/",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.locmem.Loader",
                            {"login.html": "<form method=post>{% csrf_token %}{{ form }}</form>"},
                        )
                    ]
                },
            }
        ],
    )
    django.setup()

from django.contrib.auth import views  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import path  # noqa: E402

urlpatterns = [
    path("login/", views.LoginView.as_view(template_name="login.html")),
    path("logout/", views.LogoutView.as_view()),
]


# Tests that are handed from one process to another may set their module up twice.
@functools.cache
def fill() -> None:
    """Make the tables, a guest of honour, an editor and an admin."""
    call_command("migrate", verbosity=0)
    User.objects.create_user("ada", password=PASSWORD)
    editor = User.objects.create_user("bob", password=PASSWORD, is_staff=True)
    editor.groups.add(Group.objects.create(name="editors"))
    User.objects.create_superuser("eve", password=PASSWORD)
