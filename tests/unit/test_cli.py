"""The command line, in processes of its own: what it says, what it serves, how it stops."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedOK, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

import vango
from vango import _core

HELLO, HELLO_OK, GOAWAY, BYE = 0x60, 0x40, 0x46, 0x65

COUNTER = """\
from vango import App, html as h, signal
from vango import component

app = App(title="Counter")
number = 7

@component
def Counter(start: int = 0):
    count = signal(start)
    return h.output[count]

@app.page("/")
def home():
    return Counter(start=3)
"""
PACKAGE = str(Path(vango.__file__).parents[1])
SERVING = re.compile(r"vango: serving http://127\.0\.0\.1:(\d+)\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "counter.py").write_text(COUNTER)
    return tmp_path


def environment(**changes: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("VANGO_")}
    path = os.pathsep.join(filter(None, [PACKAGE, os.environ.get("PYTHONPATH")]))
    return {**kept, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **changes}


def vango_command(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vango.cli", *arguments]
    return subprocess.run(
        command, cwd=project, env=environment(), capture_output=True, text=True, check=False
    )


class Process:
    """A running command."""

    def __init__(self, popen: "subprocess.Popen[str]") -> None:
        self.popen = popen
        self.port = 0

    def wait_until_served(self) -> None:
        """Read what it says until it says where it serves."""
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            if found := SERVING.fullmatch(line):
                self.port = int(found[1])
                return
        raise AssertionError("it ended without serving")

    def get(self, path: str = "/") -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def running(project: Path, arguments: Sequence[str], **changes: str) -> Iterator[Process]:
    command = [sys.executable, "-m", "vango.cli", *arguments]
    with subprocess.Popen(
        command,
        cwd=project,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as popen:
        try:
            yield Process(popen)
        finally:
            popen.terminate()
            popen.communicate()


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("counter", "write module:attribute, as in `counter:app`"),
        ("counter.py:app", "write module:attribute"),
        ("counter:", "write module:attribute"),
        ("conter:app", "there is no module 'conter': run the command where conter.py lies"),
        ("pages.shop:app", "there is no module 'pages': run the command where pages lies"),
        ("counter:application", "has no 'application': write counter:app"),
        ("counter:number", "counter:number is of type int, not an ASGI application: write `number = App()`"),
        ("counter:Counter", "not an ASGI application"),
        ("counter:App", "counter:App is a class, not an ASGI application"),
    ],
)
def test_a_wrong_target_is_answered_with_what_to_write(project: Path, target: str, sentence: str) -> None:
    result = vango_command(project, "run", target)
    assert result.returncode == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


def test_an_error_of_the_application_itself_is_shown_from_its_own_first_line(project: Path) -> None:
    (project / "counter.py").write_text("import missing_module\n")
    result = vango_command(project, "run", "counter:app")
    assert result.returncode == 1
    first, _, line, *_, last = result.stderr.splitlines()
    assert first == "vango: counter:app cannot be imported"
    assert line.strip() == f'File "{project}/counter.py", line 1, in <module>'
    assert last == "ModuleNotFoundError: No module named 'missing_module'"


def test_plain_http_is_not_served_to_others_unless_told(project: Path) -> None:
    result = vango_command(project, "run", "counter:app", "--host", "0.0.0.0", "--port", "0")
    assert result.returncode == 2
    assert "put https in front and name that proxy with --forwarded-allow-ips" in result.stderr
    assert "--insecure" in result.stderr


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_is_none_is_refused(project: Path, port: str) -> None:
    result = vango_command(project, "run", "counter:app", f"--port={port}")
    assert result.returncode == 2
    assert "argument --port: " in result.stderr
    assert "_" not in result.stderr.splitlines()[-1], "no inner name"


def test_a_port_that_is_taken_is_named(project: Path) -> None:
    with running(project, ["run", "counter:app", "--port", "0"]) as first:
        first.wait_until_served()
        result = vango_command(project, "run", "counter:app", "--port", str(first.port))
    assert result.returncode == 2
    assert f"cannot listen at 127.0.0.1:{first.port}" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_serves_until_a_signal_and_stops_cleanly(project: Path, number: signal.Signals) -> None:
    with running(project, ["run", "counter:app", "--port", "0"]) as process:
        process.wait_until_served()
        status, text = process.get()
        assert status == 200
        assert "<title>Counter</title>" in text
        process.popen.send_signal(number)
        _, errors = process.popen.communicate()
        assert process.popen.returncode == 0
    assert (
        errors == "vango: VANGO_SECRET is not set: pages that are open at a restart have to be loaded again\n"
    )


def test_run_names_no_server(project: Path) -> None:
    with running(project, ["run", "counter:app", "--port", "0"], VANGO_SECRET="s" * 32) as process:
        process.wait_until_served()
        connection = HTTPConnection("127.0.0.1", process.port)
        connection.request("GET", "/")
        assert connection.getresponse().getheader("server") is None
        connection.close()


def test_behind_a_proxy_only_https_is_answered(project: Path) -> None:
    arguments = [
        "run",
        "counter:app",
        "--port",
        "0",
        "--host",
        "0.0.0.0",
        "--forwarded-allow-ips",
        "127.0.0.1",
    ]
    with running(project, arguments) as process:
        assert process.popen.stdout is not None
        process.port = int(process.popen.stdout.readline().rpartition(":")[2])
        assert process.get() == (403, "This server answers over https only.\n")
        assert process.popen.stderr is not None
        assert "127.0.0.1 was refused, Unauthorized: It did not come by https. (check: https;" in next(
            line for line in process.popen.stderr if "refused" in line
        )
        connection = HTTPConnection("127.0.0.1", process.port)
        connection.request("GET", "/", headers={"X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert "Secure" in (answer.getheader("set-cookie") or "")
        connection.close()


def save(path: Path, text: str) -> None:
    """Save in one step, so that nobody sees half a file."""
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(path)


@pytest.mark.slow
def test_dev_says_when_the_application_ends_by_itself(project: Path) -> None:
    (project / "counter.py").write_text(f"import os\n\nos._exit(7)\n{COUNTER}")
    with running(project, ["dev", "counter:app", "--port", "0"]) as process:
        assert process.popen.stderr is not None
        told = process.popen.stderr.readline()
        assert told == "vango: the application ended with status 7; save a file to start it again\n"
        save(project / "counter.py", COUNTER)
        process.wait_until_served()
        assert process.get()[0] == 200


@pytest.mark.slow
def test_dev_restarts_on_save_and_shows_what_is_wrong(project: Path) -> None:
    source = project / "counter.py"
    with running(project, ["dev", "counter:app", "--port", "0"]) as process:
        process.wait_until_served()
        assert "<title>Counter</title>" in process.get()[1]

        save(source, COUNTER.replace("Counter(start=3)", "Counter(start=3"))
        process.wait_until_served()
        status, text = process.get("/any/where")
        assert status == 500
        assert "SyntaxError" in text
        assert "counter.py" in text

        save(source, COUNTER.replace('"Counter"', '"Mended"'))
        process.wait_until_served()
        status, text = process.get()
        assert status == 200
        assert "<title>Mended</title>" in text

        process.popen.terminate()
        process.popen.communicate()
        assert process.popen.returncode == 0


def test_dev_needs_a_secret_that_is_one(project: Path) -> None:
    with running(project, ["dev", "counter:app", "--port", "0"], VANGO_SECRET="short") as process:
        _, errors = process.popen.communicate()
    assert process.popen.returncode == 2
    assert errors.startswith("vango: VANGO_SECRET: a secret has at least 32 characters")


def test_the_version_can_be_asked(project: Path) -> None:
    assert vango_command(project, "--version").stdout == f"vango {vango.__version__}\n"


def test_a_stopping_server_takes_leave_of_its_clients(project: Path) -> None:
    with running(project, ["run", "counter:app", "--port", "0"]) as process:
        process.wait_until_served()
        address = f"127.0.0.1:{process.port}"
        connection = HTTPConnection("127.0.0.1", process.port)
        connection.request("GET", "/")
        answer = connection.getresponse()
        cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        meta = re.search(r'<meta name="vango" content="(.*)">', answer.read().decode())
        connection.close()
        assert meta is not None
        live = json.loads(unescape(meta[1]))
        fields = [[1], [], live["token"], live["csrf"], "instance-1", 1, 0, 0, "/", 800, 600, "UTC", []]
        with connect(
            f"ws://{address}{live['url']}",
            origin=Origin(f"http://{address}"),
            subprotocols=[Subprotocol("vango.1")],
            additional_headers={"Cookie": cookie},
            proxy=None,
        ) as socket:
            socket.send(_core.encode_message(HELLO, 0, fields))
            assert kinds(socket.recv()) == [HELLO_OK]
            process.popen.terminate()
            assert kinds(socket.recv()) == [GOAWAY]
            socket.send(_core.encode_message(BYE, 0, ["drained"]))
            with pytest.raises(ConnectionClosedOK):
                socket.recv()
        process.popen.communicate()
        assert process.popen.returncode == 0


def test_a_refused_socket_is_told_and_is_no_fault_of_the_server(project: Path) -> None:
    with running(project, ["run", "counter:app", "--port", "0"], VANGO_SECRET="s" * 32) as process:
        process.wait_until_served()
        url = f"ws://127.0.0.1:{process.port}/vango/live/x"
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(url, subprotocols=[Subprotocol("vango.1")], proxy=None),
        ):
            pass
        assert refused.value.response.status_code == 403
        process.popen.terminate()
        _, errors = process.popen.communicate()
    sentence = "The session cookie is missing."
    assert refused.value.response.body == sentence.encode()
    line = f"vango: a socket of 127.0.0.1 was refused, Unauthorized: {sentence} (check: cookie vango_session)"
    assert errors == line + "\n"


@pytest.mark.parametrize(
    ("own", "written"),
    [
        ("", "shop: low on milk\n"),
        ("logging.basicConfig(level=10, format='%(levelname)s')\n", "INFO\nWARNING\n"),
    ],
    ids=["no set-up", "its own set-up"],
)
def test_the_log_of_the_application_is_written_as_its_own(project: Path, own: str, written: str) -> None:
    says = "    log.info('all is well')\n    log.warning('low on milk')\n    return Counter(start=3)"
    logs = COUNTER.replace("    return Counter(start=3)", says)
    (project / "counter.py").write_text(f"import logging\n{own}log = logging.getLogger('shop')\n{logs}")
    with running(project, ["run", "counter:app", "--port", "0"], VANGO_SECRET="s" * 32) as process:
        process.wait_until_served()
        process.get()
        process.popen.terminate()
        _, errors = process.popen.communicate()
    assert errors.replace("DEBUG\n", "") == written


def kinds(message: str | bytes) -> list[int]:
    assert isinstance(message, bytes)
    return [kind for kind, *_ in _core.decode_messages(message, 2**20)]


def test_check_prints_what_is_to_be_settled_and_its_status_says_whether(project: Path) -> None:
    (project / "safe.py").write_text(
        "from vango import App\napp = App(secret='k' * 32, allowed_hosts=['a.example'])\n"
    )
    unsettled = vango_command(project, "check", "counter:app")
    assert unsettled.returncode == 1
    assert "vango: VANGO_SECRET is not set" in unsettled.stderr
    assert unsettled.stdout == "vango: 2 warnings\n"
    settled = vango_command(project, "check", "safe:app")
    assert (settled.returncode, settled.stdout, settled.stderr) == (0, "vango: 0 warnings\n", "")
    assert vango_command(project, "check", "nothing:app").returncode == 2


def test_check_looks_at_what_a_host_mounts(project: Path) -> None:
    (project / "host.py").write_text(
        """
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from vango import App

SAFE = {"secret": "k" * 32, "allowed_hosts": ["a.example"]}
plain, known = App(**SAFE), App(**SAFE, trusted_proxies=["10.0.0.7"])

async def who(request):
    return None

known.auth(who)
behind = App(**SAFE)
behind.auth(who)
layers = [Middleware(AuthenticationMiddleware, backend=None)]
careless = Starlette(routes=[Mount("/a", routes=[Mount("/b", plain)])], middleware=layers)
careful = Starlette(routes=[Mount("/", known)], middleware=layers)
bare = Starlette(routes=[Mount("/", App())])
wrapped = GZipMiddleware(AuthenticationMiddleware(plain, backend=None))
around = AuthenticationMiddleware(Starlette(routes=[Mount("/", plain)]), backend=None)
mounted = Starlette(routes=[Mount("/", plain, middleware=layers)])
within = Starlette(routes=[Mount("/", Starlette(routes=[Mount("/", plain)], middleware=layers))])
half = AuthenticationMiddleware(plain.only("live"), backend=None)
nothing = Starlette()
"""
    )
    careless = vango_command(project, "check", "host:careless")
    assert careless.returncode == 1
    assert "AuthenticationMiddleware of the host sees requests" in careless.stderr
    assert "app.auth(starlette_user(backend))" in careless.stderr
    assert vango_command(project, "check", "host:careful").stdout == "vango: 0 warnings\n"
    behind = vango_command(project, "check", "host:behind")
    assert "app.auth(...) is used and trusted_proxies is empty" in behind.stderr
    assert vango_command(project, "check", "host:bare").stdout == "vango: 2 warnings\n"
    for name in ("wrapped", "around", "mounted", "within", "half"):
        checked = vango_command(project, "check", f"host:{name}")
        assert "AuthenticationMiddleware of the host sees requests" in checked.stderr
    nothing = vango_command(project, "check", "host:nothing")
    assert (nothing.returncode, "no vango.App was found" in nothing.stderr) == (1, True)


def test_check_knows_that_django_beside_the_pages_has_users(project: Path) -> None:
    (project / "website.py").write_text(
        """
from django.conf import settings
settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="k",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    MIDDLEWARE=["django.contrib.auth.middleware.AuthenticationMiddleware"],
)
urlpatterns = []
from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.routing import Mount
from vango import App
plain = App(secret="k" * 32, allowed_hosts=["a.example"])
host = Starlette(routes=[Mount("/shop", plain), Mount("/", get_asgi_application())])
"""
    )
    checked = vango_command(project, "check", "website:host")
    assert checked.returncode == 1
    assert "AuthenticationMiddleware of the host sees requests" in checked.stderr
    assert "app.auth(django_user())" in checked.stderr


def test_routes_prints_the_pages_of_an_application(project: Path) -> None:
    done = vango_command(project, "routes", "counter:app")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "PATH  PAGE  GUARDS  LAYOUTS\n/     home  -       -\n"
    other = vango_command(project, "routes", "counter:number")
    assert (other.returncode, other.stdout) == (2, "")
    assert "counter:number is of type int" in other.stderr
