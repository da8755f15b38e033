"""The client's files over HTTP: versioned, cached for ever, compressed where that is wanted."""

import gzip
from pathlib import Path

import pytest
from asgi_driver import Answer, request
from starlette.routing import Route, Router

from vango.application.assets import Assets

pytestmark = pytest.mark.anyio

FILES = {
    "boot.js": "import { a } from './runtime-dom.js';\nif (a) import('./c.js');\n",
    "runtime-dom.js": "import { b } from './b.js';\nexport const a = b;\nexport const path = './c.js';\n",
    "public.js": "import { a } from './runtime-dom.js';\nexport { a };\n",
    "b.js": "export const b = 1;\n",
    "c.js": "export const c = 1, d = 2;\n" + "c;\n" * 50,
    "tap.js": (
        "import { b } from './b.js';\nimport { word } from './tap-words.js';\nexport const tap = b + word;\n"
    ),
    "tap-words.js": "export const word = 1;\n",
    "vango.css": "body { color: black }\n",
    "README.md": "not served",
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def assets(directory: Path) -> Assets:
    return Assets(directory)


async def get(assets: Assets, path: str, **headers: str) -> Answer:
    router = Router(
        [Route("/client/{version}/{name}", assets.file), Route("/runtime-dom.js", assets.runtime)]
    )
    return await request(
        router, path, headers={key.replace("_", "-"): value for key, value in headers.items()}
    )


async def test_a_file_is_served_as_it_is_for_ever(assets: Assets) -> None:
    answer = await get(assets, "/" + assets.path("c.js"))
    assert (answer.status, answer.text) == (200, FILES["c.js"])
    assert answer["cache-control"] == "public, max-age=31536000, immutable"
    assert answer["content-type"] == "text/javascript; charset=utf-8"
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["vary"] == "Accept-Encoding"
    assert (await get(assets, "/" + assets.path("vango.css")))["content-type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip; q=0", False),
    ],
)
async def test_a_file_is_compressed_where_that_is_accepted(
    assets: Assets, accepted: str, packed: bool
) -> None:
    answer = await get(assets, "/" + assets.path("c.js"), accept_encoding=accepted)
    assert answer.all("content-encoding") == (["gzip"] if packed else [])
    assert (gzip.decompress(answer.body) if packed else answer.body).decode() == FILES["c.js"]
    assert answer["content-length"] == str(len(answer.body))


async def test_a_copy_that_is_fresh_is_not_sent_again(assets: Assets) -> None:
    path = "/" + assets.path("c.js")
    plain, packed = await get(assets, path), await get(assets, path, accept_encoding="gzip")
    assert plain["etag"] != packed["etag"]
    again = await get(assets, path, if_none_match=plain["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path", ["client/0000000000000000/c.js", "client/{version}/README.md", "client/{version}/x.js"]
)
async def test_what_is_not_there_is_not_found(assets: Assets, path: str) -> None:
    answer = await get(assets, "/" + path.format(version=assets.version))
    assert answer.status == 404


async def test_the_version_follows_names_and_contents(directory: Path) -> None:
    versions = [Assets(directory).version, Assets(directory).version]
    (directory / "c.js").write_text("export const c = 3, d = 4;")
    versions.append(Assets(directory).version)
    (directory / "c.js").rename(directory / "e.js")
    versions.append(Assets(directory).version)
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


def test_a_page_preloads_what_the_client_imports_and_nothing_else(assets: Assets) -> None:
    assert assets.modules == ("boot.js", "runtime-dom.js")


async def test_the_runtime_has_a_name_that_never_changes(assets: Assets) -> None:
    answer = await get(assets, "/runtime-dom.js")
    assert answer.text == f'export * from "./client/{assets.version}/public.js";\n'
    assert answer["cache-control"] == "no-cache"
    assert answer["content-type"] == "text/javascript; charset=utf-8"


def test_a_package_without_its_client_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"holds no boot\.js: install vango again"):
        Assets(tmp_path)


async def test_the_real_client_is_complete() -> None:
    assets = Assets()
    for name in (*assets.modules, "runtime-dom.js", "vango.css"):
        assert (await get(assets, "/" + assets.path(name))).status == 200


async def test_the_tap_is_there_only_for_who_asks_for_it(directory: Path) -> None:
    plain, tapped = Assets(directory), Assets(directory, debug=True)
    assert (await get(plain, "/" + plain.path("tap.js"))).status == 404
    assert not [name for name, asset in plain.files.items() if "tap" in name or b"tap" in asset.body]
    assert tapped.modules == ("tap.js", "runtime-dom.js")
    assert (await get(tapped, "/" + tapped.path("tap.js"))).text == (
        "import { b } from './runtime-dom.js';\nexport const word = 1;\nexport const tap = b + word;\n"
    )
    assert tapped.version != plain.version


def test_nothing_that_production_serves_knows_the_tap() -> None:
    served = Assets().files
    assert not [name for name, asset in served.items() if "tap" in name or b"VangoLiveTap" in asset.body]
    assert Assets(debug=True).modules[0] == "tap.js"
