"""What run and soak share: the calls that are sent, and the servers that answer them."""

import atexit
import base64
import copy
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
CORPUS = TOP / "test" / "corpus"
CORES = sorted(os.sched_getaffinity(0))
REQUEST, RESPONSE = "AuthZPlugin.AuthZReq", "AuthZPlugin.AuthZRes"


# --- what is sent ------------------------------------------------------------------------------------------------------


def recorded(name, case):
    for line in open(CORPUS / name, encoding="utf-8"):
        entry = json.loads(line)
        if entry["id"] == case:
            return entry["envelope"]
    raise KeyError(case)


def encoded(value):
    return base64.b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()


def with_body(envelope, body):
    text = encoded(body)
    headers = dict(envelope["RequestHeaders"], **{"Content-Length": str(len(base64.b64decode(text)))})
    return dict(envelope, RequestBody=text, RequestHeaders=headers)


def plain(body):
    """The same create as `docker run IMAGE` would send it, without a single hardening flag."""
    body = copy.deepcopy(body)
    body["User"] = ""
    body["HostConfig"].update(CapDrop=None, SecurityOpt=None, ReadonlyRootfs=False, Memory=0, NanoCpus=0, PidsLimit=None,
                              NetworkMode="default", RestartPolicy={"Name": "", "MaximumRetryCount": 0})
    return body


def large(body):
    """A create body of just under 4 MiB, in many small strings: what costs a reader most."""
    body = copy.deepcopy(body)
    body["Env"] = [f"VARIABLE_{n}={'v' * 80}" for n in range(20000)]
    body["Labels"] = {f"com.example.label-{n}": "l" * 80 for n in range(20000)}
    return body


def calls(folder):
    """name → (call, file, requests in proportion); and the large body alone, as jansson gets it."""
    create = recorded("recorded.jsonl", "r005")  # a hardened `docker create` of a 20.10 client
    body = json.loads(base64.b64decode(create["RequestBody"]))
    inspect = recorded("recorded-responses.jsonl", "r007")
    container = json.loads(base64.b64decode(inspect["ResponseBody"]))
    response = dict(inspect, ResponseBody=encoded([container] * (30 * 1024 // len(json.dumps(container)) + 1)))
    rows = {
        "create, allowed": (REQUEST, create, 1),
        "create, refused": (REQUEST, with_body(create, plain(body)), 1),
        "GET": (REQUEST, recorded("recorded.jsonl", "r007"), 1),
        "response, 30 KB": (RESPONSE, response, 0.5),
        "create, 4 MiB": (REQUEST, with_body(create, large(body)), 0.002),
    }
    result = {}
    for number, (name, (call, envelope, share)) in enumerate(rows.items()):
        path = folder / f"call-{number}.json"
        path.write_text(json.dumps(envelope, separators=(",", ":")))
        result[name] = (call, path, share)
    alone = folder / "large.json"
    alone.write_bytes(base64.b64decode(rows["create, 4 MiB"][1]["RequestBody"]))
    return result, alone


# --- the servers -------------------------------------------------------------------------------------------------------


class Server:
    def __init__(self, folder, name, command):
        self.name, self.socket = name, folder / f"{name}.sock"
        self.log = open(folder / f"{name}.log", "w", encoding="utf-8")
        words = [str(word).replace("SOCKET", str(self.socket)) for word in command]
        self.process = subprocess.Popen(["taskset", "-c", str(CORES[0]), *words], stdout=self.log, stderr=self.log)
        atexit.register(self.process.kill)  # however we end; does nothing once it has been waited for
        self.peak = 0
        until = time.monotonic() + 20
        while not self.socket.exists():
            if time.monotonic() > until or self.process.poll() is not None:
                sys.exit(f"{name} does not start: {pathlib.Path(self.log.name).read_text(encoding='utf-8')}")
            time.sleep(0.02)
        time.sleep(0.2)

    def proc(self, name):
        return pathlib.Path(f"/proc/{self.process.pid}/{name}")

    def processor_time(self):
        """Microseconds, of all threads, ended ones too: the process's own clock (clock_getcpuclockid(3), spelt out). What /proc
        shows is counted in hundredths of a second, or forgets a thread that ended."""
        return time.clock_gettime_ns((~self.process.pid << 3) | 2) / 1000

    def private_memory(self):
        """KiB"""
        return int(re.search(r"RssAnon:\s*(\d+)", self.proc("status").read_text())[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        self.log.close()

    def load(self, call, path, requests, clients):
        """Returns processor time per call in µs and calls per second."""
        before = self.processor_time()
        load = subprocess.Popen(
            ["taskset", "-c", str(CORES[-1]), "h2load", "--h1", "-B", f"unix:{self.socket}", "-t", "1", "-c", str(clients),
             "-n", str(requests), "-d", path, f"http://docksill/{call}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True)
        while load.poll() is None:
            self.peak = max(self.peak, self.private_memory())
            time.sleep(0.02)
        said = load.stdout.read()
        taken = self.processor_time() - before
        finished = re.search(r"finished in [\d.]+\w+, ([\d.]+) req/s", said)
        if not finished or f" {requests} succeeded" not in said:
            sys.exit(f"{self.name}: the load went wrong:\n{said}")
        return taken / requests, float(finished[1])


def docksill(folder, name, build, rules, config=None):
    return Server(folder, name, [build / "docksill", "serve", "--environment", "production", "--mode", "enforce", "--rules", rules,
                                 "--socket", "SOCKET", "--records", folder / f"{name}.jsonl", *(["--config", config] if config else [])])


def engine(folder):
    """A stand-in for the engine that docksill asks; returns docksill's settings for it. It shares the load's core: only how
    fast it all is depends on it, not the processor time of docksill."""
    inspect = json.loads(base64.b64decode(recorded("recorded-responses.jsonl", "r007")["ResponseBody"]))
    image = {"Id": "sha256:" + "a" * 64, "Created": "2020-01-01T00:00:00Z", "RepoDigests": [], "Size": 10000000,
             "Config": {"User": "10001", "Env": [f"VARIABLE_{n}={'v' * 40}" for n in range(20)], "Labels": {}}}
    answers, settings = folder / "answers.json", folder / "docksill.yaml"
    answers.write_text(json.dumps({"/images/*/json": image, "/containers/*/json": inspect}))
    socket = folder / "engine.sock"
    process = subprocess.Popen(["taskset", "-c", str(CORES[-1]), sys.executable, TOP / "test" / "stub-engine.py", socket, answers])
    atexit.register(process.kill)
    settings.write_text(f"docksill: v1\nkind: configuration\nlookups: {{docker: 'unix://{socket}', deadline: 2s}}\n")
    return settings


def looked_up(folder, work):
    """What is sent to the docksill that asks: the small calls, and a start, which is asked about anew each time."""
    start = folder / "start.json"
    start.write_text(json.dumps({"RequestMethod": "POST", "RequestUri": "/v1.41/containers/web/start",
                                 "RequestHeaders": {"Content-Length": "0"}}))
    return work | {"start": (REQUEST, start, 0.2)}
