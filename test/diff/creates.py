#!/usr/bin/env python3
"""Creates containers with random bodies that dockerd accepts and holds `inspect` against docksill's reading of the body.

    test/diff/creates.py DOCKER_SOCKET READER SEED COUNT FOLDER IMAGE [FRAMES]

Keys come in any letter case and with the letters that Go folds, in any order; values in all spellings that Go takes.
A body that docksill calls flawed is left out: it would be refused. What dockerd adds of itself is named in FILLED_IN.
Versions of the API take turns, for defaults and fields hang on them: one before 1.40, 1.41, and the newest that the
engine speaks. With FRAMES the bodies are those of generate/, odd ones too: most of them dockerd refuses, so that they
are asked until COUNT of them were made or none is left; the image gets the names that they use.
"""

import collections
import http.client
import itertools
import json
import posixpath
import random
import socket
import struct
import subprocess
import sys
import urllib.parse

# What dockerd puts where the request says nothing, by its key: any value is taken.
FILLED_IN = {
    "Config": {"Hostname", "Cmd", "Env", "Entrypoint"},
    "HostConfig": {"IpcMode", "CgroupnsMode", "ShmSize", "Runtime", "LogConfig", "MaskedPaths", "ReadonlyPaths", "RestartPolicy", "MemorySwap",
                   "NetworkMode", "SecurityOpt"},
}

# What dockerd may drop, with a warning or without, when the kernel, the version of the API or the network has no use for it; of
# links inspect shows those that were made.
DROPPED = {
    "Config": {"MacAddress"},
    "HostConfig": {"BlkioWeight", "BlkioWeightDevice", "KernelMemory", "KernelMemoryTCP", "MemorySwappiness", "ConsoleSize", "CpuCount", "CpuPercent",
                   "Links"},
}


class Docker(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("docker", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)

    def call(self, method, target, body=None):
        self.request(method, target, body, {"Content-Type": "application/json"} if body is not None else {"Content-Length": "0"})
        try:
            answer = self.getresponse()
        except http.client.RemoteDisconnected:
            return 0, {"message": "no answer: the handler panicked"}  # which dockerd survives
        text = answer.read()
        return answer.status, json.loads(text) if text else None


class Bodies:
    """Random bodies, as bytes."""

    def __init__(self, seed, folder, image):
        self.random = random.Random(seed)
        self.folder, self.image = folder, image

    def some(self, items, most=3):
        return self.random.sample(items, self.random.randint(0, min(most, len(items))))

    def binds(self):
        sources = ["/etc", "/", self.folder, self.folder + "/./x/../", "//etc//", "/var/run", "/var/run/../run", "named", "other-volume"]
        modes = ["", ":ro", ":rw", ":z", ":ro,rslave", ":rprivate", ":Z,ro"]
        return [f"{source}:/bind{i}{self.random.choice(modes)}" for i, source in enumerate(self.some(sources))]

    def mount(self, i):
        one = self.random.choice([
            {"Type": "bind", "Source": self.random.choice([self.folder, "/etc/../etc", "/"]), "BindOptions": {"Propagation": "rprivate"}},
            {"Type": "volume", "Source": f"v{self.random.randint(0, 3)}", "VolumeOptions": {"NoCopy": True, "Labels": {"a": "b"}}},
            {"Type": "tmpfs", "TmpfsOptions": {"SizeBytes": 65536, "Mode": 511}},
            {"Type": "volume", "VolumeOptions": {"DriverConfig": {"Name": "local", "Options": {"type": "none", "o": "bind", "device": "/"}}}},
        ])
        return dict(one, Target=f"/mount{i}", ReadOnly=self.random.choice([True, False]))

    def config(self):
        return {
            "User": self.random.choice(["", "0", "root", "1000:1000", "app", ":0", "+0"]),
            "Env": self.some(["A=b", "PATH=/bin", "EMPTY=", "\u00e9=\u4e16"]),
            "Cmd": self.some(["sh", "-c", "true"]), "Entrypoint": self.some(["/bin/sh"]), "WorkingDir": self.random.choice(["", "/x", "/a/../b"]),
            "Labels": {key: "x" for key in self.some(["a", "com.example/b", "\u2028"])}, "Tty": self.random.choice([True, False]),
            "OpenStdin": True, "StopSignal": "SIGTERM", "StopTimeout": self.random.choice([0, 5]), "Domainname": "example.com",
            "ExposedPorts": {port: {} for port in self.some(["80/tcp", "53/udp"])}, "Volumes": {path: {} for path in self.some(["/anonymous", "/two"])},
            "Healthcheck": self.random.choice([{"Test": ["NONE"]}, {"Test": ["CMD", "true"], "Interval": 1000000000, "Retries": 2}]),
        }

    def host(self):
        of = self.random.choice
        return {
            "Binds": self.binds(), "Mounts": [self.mount(i) for i in range(self.random.randint(0, 3))], "Privileged": of([True, False]),
            "CapAdd": self.some(["SYS_ADMIN", "cap_net_raw", "ALL", "Kill"]), "CapDrop": self.some(["ALL", "chown", "CAP_MKNOD"]),
            "NetworkMode": of(["none", "host"]), "PidMode": of(["", "host"]), "IpcMode": of(["", "host", "private", "shareable", "none"]),
            "UTSMode": of(["", "host"]), "CgroupnsMode": of(["", "host", "private"]), "ReadonlyRootfs": of([True, False]),
            "SecurityOpt": of([["no-new-privileges"], ["no-new-privileges:false"], ["seccomp=unconfined"], ["label=disable"], []]),
            "Memory": of([0, 67108864]), "NanoCpus": of([0, 100000000]), "PidsLimit": of([10, 100]), "OomScoreAdj": of([0, 500, -500]),
            "ShmSize": of([0, 1048576]), "Ulimits": self.some([{"Name": "nofile", "Soft": 10, "Hard": 20}]), "GroupAdd": self.some(["0", "audio"]),
            "Sysctls": {key: "1" for key in self.some(["net.ipv4.ip_forward"])}, "Tmpfs": {path: "size=64k" for path in self.some(["/tmp1", "/tmp2"])},
            "ExtraHosts": self.some(["a:1.2.3.4"]), "Dns": self.some(["8.8.8.8"]), "AutoRemove": False, "Init": of([True, False]),
            "RestartPolicy": of([{"Name": "no"}, {"Name": "on-failure", "MaximumRetryCount": 3}, {"Name": "always"}]),
            "PortBindings": {port: of([[{"HostIp": "127.0.0.1", "HostPort": "8080"}], [{"HostPort": "8000-8010"}], [{"HostIp": "::1", "HostPort": ""}]])
                             for port in self.some(["80/tcp", "53/udp", "99/sctp"])},
            "Devices": self.some([{"PathOnHost": "/dev/null", "PathInContainer": "/dev/x", "CgroupPermissions": "rw"}]),
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m"}}, "MaskedPaths": of([None, [], ["/proc/kcore"]]),
            "VolumeDriver": of(["", "local"]), "DeviceCgroupRules": self.some(["c 1:3 rwm"]),
        }

    def newer(self, config, host):
        """Fields of API 1.43 and 1.44: what an older version says is passed over."""
        config["Healthcheck"] = {"Test": ["CMD", "true"], "StartInterval": 2000000000}
        host["Annotations"] = {key: "x" for key in self.some(["a", "com.example/b"])}
        for mount in host["Mounts"]:
            if mount["Type"] == "bind":
                mount["BindOptions"] = dict(mount["BindOptions"], **self.random.choice([{}, {"NonRecursive": True}, {"CreateMountpoint": True}, {
                    "ReadOnlyNonRecursive": mount["ReadOnly"]}]))

    def key(self, key):
        if self.random.random() < 0.6:
            return key
        return "".join(self.random.choice([c.lower(), c.upper()] + {"s": ["\u017f"], "k": ["\u212a"]}.get(c.lower(), [])) for c in key)

    def thinned(self, fields):
        names = [name for name in fields if self.random.random() < 0.4]
        self.random.shuffle(names)
        return {self.key(name): fields[name] for name in names}

    def next(self, version):
        config, host = self.config(), self.host()
        if version >= 44:
            self.newer(config, host)
        body = self.thinned(config)
        body[self.key("Image")] = self.image
        body[self.key("HostConfig")] = self.thinned(host)
        return json.dumps(body, ensure_ascii=self.random.choice([True, False])).encode()


class Odd:
    """The bodies of a file of frames (decode/frame.go)."""

    def __init__(self, path):
        self.frames = open(path, "rb")

    def next(self, _version):
        kind = b"t"
        while kind in b"tT":
            head = self.frames.read(5)
            if len(head) < 5:
                raise EOFError
            kind, size = struct.unpack(">cI", head)
            body = self.frames.read(size)
        return body


# Those of generate/body.go that are names.
NAMES = ("nginx", "alpine:3.19", "docker.io/library/nginx:1", "index.docker.io/x", "registry.example.com:5000/team/app:2", "localhost/x", "a/b/c",
         "a_b/c__d:1.2-rc", "127.0.0.1/x", "xn--bcher-kva.example/x:T_1", "localhost:5000/x", "a.b", "a:b")


class Reader:
    """docksill's side: test/diff/read.c."""

    def __init__(self, program, newest):
        self.program, self.newest = program, newest

    def read(self, bodies, version):
        frames = b"".join(b"c" + struct.pack(">I", len(body)) + body for body in bodies)
        lines = subprocess.run([self.program, str(version), str(self.newest)], input=frames, stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")[:-1]
        assert len(lines) == len(bodies)
        return [line.split("\t")[1:] for line in lines]


def is_zero(value):
    if isinstance(value, dict):
        return all(is_zero(one) for one in value.values())
    if isinstance(value, list):
        return all(isinstance(one, (int, float)) and not one for one in value)
    return not value


def differ(where, read, shown):
    """The first member that both have and that differs, or that inspect alone has and dockerd does not fill in."""
    for key, value in read.items():
        if key == "Cmd" and not value:
            continue  # an empty list is the image's command
        if key in DROPPED[where] and is_zero(shown.get(key)):
            continue
        if key == "WorkingDir":
            value = posixpath.normpath(value)
        if not equal(value, shown.get(key)) and not (key in ("Env", "SecurityOpt", "MaskedPaths") and contains(value, shown.get(key))):
            return f"{where}.{key}: docksill {value!r}, inspect {shown.get(key)!r}"
    for key, value in shown.items():
        if key not in read and not is_zero(value) and key not in FILLED_IN[where]:
            return f"{where}.{key}: docksill nothing, inspect {value!r}"
    return None


def contains(some, more):
    return isinstance(some, list) and isinstance(more, list) and all(one in more for one in some)


def equal(read, shown):
    if is_zero(read) and is_zero(shown):
        return True
    if isinstance(read, dict) and isinstance(shown, dict):
        return all(equal(read.get(key), shown.get(key)) for key in read.keys() | shown.keys())
    if isinstance(read, list) and isinstance(shown, list):
        return len(read) == len(shown) and all(map(equal, read, shown))
    return read == shown


def folded(path):
    return path[len("/var"):] if (path + "/").startswith("/var/run/") else path


def host_mounts(read):
    """Of the mounts that docksill read, those of the host: target to source and whether it is read-only."""
    decoder, found = json.JSONDecoder(), {}
    for item in split_items(read):
        kind, _, rest = item.partition(" ")
        source, end = decoder.raw_decode(rest)
        target, more = decoder.raw_decode(rest[end + 1:])
        if kind == "host":
            found[target] = (source, rest[end + 1 + more + 1:] == "true")
    return found


def mounts_differ(read, shown):
    """What of the host is mounted where, as the facts have it and as inspect has it."""
    facts = host_mounts(read)
    for mount in shown:
        source, target, read_only = folded(mount["Source"]), mount["Destination"], not mount["RW"]
        if mount["Type"] == "bind" and facts.get(target) != (source, read_only):
            return f"mount at {target}: docksill {facts.get(target)}, inspect {(source, read_only)}"
    # A volume that its driver binds is a volume to inspect; "/" is the only device we ask for.
    real = {mount["Destination"] for mount in shown if mount["Type"] == "bind"}
    for target, (source, _) in facts.items():
        if target not in real and source != "/":
            return f"mount at {target}: docksill {source}, inspect none"
    return None


def split_items(text):
    """The items of "[kind "source" "target" false,…]": a comma within quotes is none."""
    items, quoted, start = [], False, 1
    for i, c in enumerate(text):
        if c == '"' and text[i - 1] != "\\":
            quoted = not quoted
        elif not quoted and (c == "," or i == len(text) - 1):
            if i > start:
                items.append(text[start:i])
            start = i + 1
    return items


HOST_MODES = {"network": "NetworkMode", "pid": "PidMode", "ipc": "IpcMode", "uts": "UTSMode", "userns": "UsernsMode"}


def namespaces_differ(read, shown):
    """Which namespaces are the host's; not of cgroups, whose default hangs on the machine."""
    facts = set(filter(None, read.strip("[]").split(","))) - {"cgroup"}
    real = {name for name, key in HOST_MODES.items() if shown[key] == "host"}
    if facts != real:
        return f"namespaces of the host: docksill {sorted(facts)}, inspect {sorted(real)}"
    return None


def config_of(config, version):
    """A config without what API @version does not know (moby postContainersCreate)."""
    if version < 44:
        config.get("Healthcheck", {}).pop("StartInterval", None)
    return config


def host_of(host, version):
    """A host config without what API @version does not know, and without what that makes dockerd fill in."""
    if version < 43:
        host.pop("Annotations", None)
    if (host.get("PidsLimit") or 0) <= 0:
        host.pop("PidsLimit", None)  # no limit, however it is said
    # Engines from 25 on write what these versions meant into each read-only bind.
    for mount in host.get("Mounts") or []:
        if version < 44 and mount.get("BindOptions"):
            mount["BindOptions"].pop("ReadOnlyNonRecursive", None)
    # What "default" leads to is shown by its own name from engine 26 on.
    if host.get("NetworkMode") == "bridge":
        host["NetworkMode"] = "default"
    return host


def compare(docker, line, ident, version):
    columns = dict(column.partition("=")[::2] for column in line[1:])
    status, shown = docker.call("GET", f"/v1.{version}/containers/{ident}/json")
    if status != 200:
        return f"inspect answers {status}"
    return (differ("Config", config_of(json.loads(columns["config"]), version), shown["Config"]) or
            differ("HostConfig", host_of(json.loads(columns["host"]) or {}, version), host_of(shown["HostConfig"], version)) or
            mounts_differ(columns["mounts"], shown["Mounts"]) or
            namespaces_differ(columns["namespaces"], shown["HostConfig"]))


class Held:
    """Bodies through dockerd, and what came of them."""

    def __init__(self, docker, reader):
        self.docker, self.reader = docker, reader
        self.compared = self.wrong = self.flawed = self.refused = 0
        self.reasons = collections.Counter()

    def hold(self, version, bodies):
        for body, line in zip(bodies, self.reader.read(bodies, version)):
            if line[0] == "flaw":
                self.flawed += 1
                continue
            status, answer = self.docker.call("POST", f"/v1.{version}/containers/create", body)
            if status != 201:
                self.refused += 1
                self.reasons[answer["message"][:60]] += 1
                continue
            self.compared += 1
            why = compare(self.docker, line, answer["Id"], version)
            self.docker.call("DELETE", f"/v1.41/containers/{answer['Id']}?v=1&force=1")
            if why:
                self.wrong += 1
                print(f"API 1.{version}: {why}\n    {body.decode('utf-8', 'backslashreplace')}")


def main():
    path, program, seed, count, folder, image, *frames = sys.argv[1:]
    docker, bodies = Docker(path), Odd(frames[0]) if frames else Bodies(int(seed), folder, image)
    newest = int(docker.call("GET", "/version")[1]["ApiVersion"].partition(".")[2])
    held, turns = Held(docker, Reader(program, newest)), itertools.cycle(sorted({39, 41, newest}))

    for name in NAMES if frames else ():
        docker.call("POST", f"/images/{image}/tag?" + urllib.parse.urlencode({"repo": name}))
    try:
        while held.compared < int(count) and (frames or held.flawed + held.refused < 4 * int(count)):
            version = next(turns)
            held.hold(version, [bodies.next(version) for _ in range(50)])
    except EOFError:
        pass
    with open(3, "w", encoding="utf-8", closefd=False) as out:
        print(f"        {held.compared} compared, {held.wrong} differ; {held.refused} refused by dockerd, {held.flawed} flawed", file=out)
    for reason, times in held.reasons.most_common(20):
        print(f"        {times} {reason}")
    return 1 if held.wrong or held.compared < int(count) or held.flawed > held.compared and not frames else 0


if __name__ == "__main__":
    sys.exit(main())
