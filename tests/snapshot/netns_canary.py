"""A page that tries every way out, in a network of its own where a canary listens; run by `unshare --net`.

Prints as JSON what the canary heard: of a browser without our flags against WebRTC, and of the browser as we start it.
"""

from __future__ import annotations

import json
import select
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.replay import ReplayProxy
from cite_audit.snapshot.screenshot import build_browser_command, find_browser
from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer
from tests.snapshot import parts_page
from tests.snapshot.test_local_capture import HTML, capture, records

CANARY = "10.9.9.1"
UDP_PORTS = (53, 443, 3478, 5353)
TCP_PORTS = (53, 80, 443, 3478, 8080)
PAGE = f"""<title>Out</title><link rel="dns-prefetch" href="//canary.example"><link rel="preconnect" href="http://{CANARY}">
<img src="http://{CANARY}/i"><iframe src="https://{CANARY}/f"></iframe><script type="module">
const attempts = [
  () => fetch("http://{CANARY}:8080/x", {{mode: "no-cors"}}),
  () => new WebSocket("ws://{CANARY}/s"),
  () => new WebTransport("https://{CANARY}/w"),
  async () => {{
    const urls = ["stun:{CANARY}:3478", "turn:{CANARY}:3478?transport=udp", "turn:{CANARY}:3478?transport=tcp"];
    const peer = new RTCPeerConnection({{iceServers: [{{urls, username: "u", credential: "c"}}]}});
    peer.createDataChannel("d");
    await peer.setLocalDescription(await peer.createOffer());
  }},
];
for (const attempt of attempts) {{ try {{ attempt()?.catch?.(() => 0); }} catch {{}} }}
await new Promise(done => setTimeout(done, 2500));
</script><p>Text that stands here.</p>""".encode()


def set_up_network() -> None:
    for words in (
        "link set lo up",
        "link add canary0 type veth peer name canary1",
        f"addr add {CANARY}/24 dev canary0",
        "addr add 10.9.9.2/24 dev canary0",
        "link set canary0 up",
        "link set canary1 up",
        f"route add default via {CANARY}",
    ):
        subprocess.run(["ip", *words.split()], check=True)


class Canary:
    """Notes every datagram and connection that reaches the address."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._sockets: dict[socket.socket, str] = {}
        for kind, ports in ((socket.SOCK_DGRAM, UDP_PORTS), (socket.SOCK_STREAM, TCP_PORTS)):
            for port in ports:
                listener = socket.socket(socket.AF_INET, kind)
                listener.bind((CANARY, port))
                if kind == socket.SOCK_STREAM:
                    listener.listen()
                self._sockets[listener] = f"{'udp' if kind == socket.SOCK_DGRAM else 'tcp'}:{port}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            for ready in select.select(list(self._sockets), [], [])[0]:
                self.heard.append(self._sockets[ready])
                if ready.type == socket.SOCK_DGRAM:
                    ready.recvfrom(4096)
                else:
                    ready.accept()[0].close()

    def take(self) -> list[str]:
        heard, self.heard = sorted(set(self.heard)), []
        return heard


def browse(canary: Canary, folder: Path) -> list[str]:
    """What the canary hears of a capture browser whose client may reach loopback alone; and that it made a picture."""
    from tests.snapshot.test_browser_capture import browse as capture_by_browser

    with Serving(lambda *_: Answer(200, PAGE + parts_page.WORDS.encode(), (HTML,))) as serving:
        made = capture_by_browser(folder, f"http://{serving.netloc}", "/page")["/page"]
    has_picture = any(uri.startswith("urn:view:http") for _, uri, _ in records(folder))
    return [*canary.take(), *([made.outcome.value] if has_picture else [])]


def main() -> None:
    set_up_network()
    canary = Canary()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with Serving(lambda *_: Answer(200, PAGE, (HTML,))) as serving:
            url = f"http://{serving.netloc}/page"
            capture(folder, [url])
        target = folder / "picture.png"
        heard = {"capture": browse(canary, folder / "browsed")}
        with ReplayProxy(CaptureFolder(folder).list_places()) as replay:
            ours = build_browser_command(find_browser(), url, target, replay.port, str(folder / "profile"))
            bare = [flag for flag in ours if "webrtc" not in flag.lower() and "RTCPeerConnection" not in flag]
            for label, command in (("bare", bare), ("ours", ours)):
                target.unlink(missing_ok=True)
                subprocess.run(command, capture_output=True, timeout=120, check=False)
                heard[label] = [*canary.take(), *(["picture"] if target.exists() else [])]
    json.dump(heard, sys.stdout)


if __name__ == "__main__":
    main()
