"""A Chromium without a window, spoken to over its debugging pipe: no port is opened, and no package is needed besides."""

import collections
import json
import os
import pathlib
import select
import signal
import subprocess
import tempfile
import time

PATIENCE = 120  # seconds for one answer


class Browser:
    """with Browser() as browser: one at a time; .open() a page, ask it, close it."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="docksill-browser-", ignore_cleanup_errors=True)
        theirs_in, self.out = os.pipe()
        self.back, theirs_out = os.pipe()
        # It reads file descriptor 3 and writes 4.
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   "--hide-scrollbars", "--user-data-dir=" + self.folder.name, "--remote-debugging-pipe", "about:blank"]
        shell = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out} 2>"{self.folder.name}/said"'
        self.program = subprocess.Popen(["bash", "-c", shell, "browser", *command], pass_fds=(theirs_in, theirs_out),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
        os.close(theirs_in)
        os.close(theirs_out)
        self.number, self.buffer, self.session = 0, b"", None
        self.events = collections.deque()
        self.requests, self.complaints = [], []
        return self

    def __exit__(self, *unused):
        try:
            self.send("Browser.close")
            self.program.wait(20)
        except (OSError, subprocess.TimeoutExpired):
            os.killpg(self.program.pid, signal.SIGKILL)
            self.program.wait()
        os.close(self.out)
        os.close(self.back)
        self.folder.cleanup()

    # --- the pipe -----------------------------------------------------------------------------------------------------

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        return self.number

    def receive(self):
        end = time.monotonic() + PATIENCE
        while b"\0" not in self.buffer:
            if not select.select([self.back], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("the browser says nothing")
            data = os.read(self.back, 1 << 16)
            if not data:
                raise EOFError("the browser has ended: " + pathlib.Path(self.folder.name, "said").read_text()[-2000:])
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        number = self.send(method, **parameters)
        while True:
            message = self.receive()
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.note(message)

    def note(self, message):
        """What happens on the page: what it asks for, and what it or the browser complains of."""
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(json.dumps(parameters["args"]))
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(parameters["exceptionDetails"])[:500])
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append("a dialog: " + parameters["message"])
            self.send("Page.handleJavaScriptDialog", accept=True)
        elif method:
            self.events.append(method)

    # --- a page -------------------------------------------------------------------------------------------------------

    def open(self, url, script=True, dark=False, width=1280, height=900):
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(domain + ".enable")
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.requests, self.complaints = [], []
        self.events.clear()
        self.call("Page.navigate", url=url)
        while "Page.loadEventFired" not in self.events:
            self.note(self.receive())

    def ask(self, expression):
        """The value of an expression of JavaScript on the page; what it promises is waited for."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:1000])
        return result["result"].get("value")

    def close(self):
        self.call("Page.close")
        self.session = None
