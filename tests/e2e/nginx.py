"""nginx of Debian's packages, in front of a server, with a configuration of its own and no rights."""

import socket
import subprocess
import threading
from pathlib import Path
from typing import Self

CONFIG = """
daemon off;
worker_processes 1;
error_log stderr warn;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    map $http_upgrade $connection_upgrade {{
        default upgrade;
        ""      "";
    }}
    server {{
        listen 127.0.0.1:{port};
        location {path}/ {{
            proxy_pass http://127.0.0.1:{behind}/;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_redirect off;
        }}
    }}
}}
"""


class Nginx:
    """Passes on what it gets below `path` to the port `behind`, without that path.

    Use it as a context manager; leaving stops it.

    Args:
        folder: Where it may write.
        path: Without a slash at its end.
        behind: A port of this machine.
    """

    def __init__(self, folder: Path, path: str, behind: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}{path}"
        self._config = folder / "nginx.conf"
        self._config.write_text(CONFIG.format(folder=folder, port=self.port, path=path, behind=behind))
        self.log: list[str] = []

    def __enter__(self) -> Self:
        self._process = process = subprocess.Popen(
            ["/usr/sbin/nginx", "-c", self._config], stderr=subprocess.PIPE, text=True
        )
        stderr = process.stderr
        assert stderr is not None
        self._reader = threading.Thread(target=lambda: self.log.extend(stderr))
        self._reader.start()
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
        self.__exit__()
        raise RuntimeError("nginx did not start:\n" + "".join(self.log))

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._reader.join()
        assert self._process.stderr is not None
        self._process.stderr.close()
