#!/usr/bin/python3
"""A day with docker-py: python3 test/clients/day.py SOCKET IMAGE FOLDER; says what call.sh says."""

import io
import os
import sys
import tarfile
import time

import docker

socket, image, folder = sys.argv[1:4]
client = docker.DockerClient(base_url="unix://" + socket, timeout=30)


def tell(wanted, name, function):
    try:
        result, went, said = function(), "ok", ""
    except Exception as error:  # whatever the client makes of it
        result, went, said = None, "failed", f"{type(error).__name__}: {error}"
    said = "".join(c if 32 <= ord(c) < 127 else " " for c in said)
    print(f"python.{name}\t{wanted}\t{went}\t{said[-4000:]}", flush=True)
    return result


def call(name, function):
    return tell("works", name, function)


def beyond(name, function):
    return tell("beyond", name, function)


def tar_of(**files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


def container_day():
    call("run", lambda: client.containers.run(image, ["echo", "hello"], remove=True))
    call("run-options", lambda: client.containers.run(
        image, "true", remove=True, mem_limit="64m", nano_cpus=500000000, pids_limit=100, cap_drop=["ALL"], read_only=True,
        security_opt=["no-new-privileges:true"], user="10001", tmpfs={"/tmp": "size=16m"}, environment={"A": "b"}, labels=["a"],
        ulimits=[docker.types.Ulimit(name="nofile", soft=1024, hard=2048)], extra_hosts={"db": "10.1.2.3"}, hostname="shop",
        volumes={"data": {"bind": "/data", "mode": "rw"}, folder + "/site": {"bind": "/site", "mode": "ro"}},
        ports={"80/tcp": ("127.0.0.1", None)}, restart_policy=None, init=True, shm_size="16m",
        log_config=docker.types.LogConfig(type="json-file", config={"max-size": "1m"})))
    web = call("run-detached", lambda: client.containers.run(
        image, "sleep 600", name="web", detach=True, stop_signal="KILL", restart_policy={"Name": "on-failure", "MaximumRetryCount": 3}))
    call("create", lambda: client.containers.create(image, "true", name="other", mounts=[
        docker.types.Mount("/data", "data"), docker.types.Mount("/scratch", None, type="tmpfs", tmpfs_size=1 << 20)]))
    low = client.api
    # Version 5 knows no host_config without the keys that were given; the older way is all of them, None or not.
    call("create-low", lambda: low.create_container(
        image, "true", name="low", ports=[80], volumes=["/data"], environment=["A=b"], stdin_open=True, tty=True, networking_config=None,
        host_config=low.create_host_config(binds=[], port_bindings={}, links={}, dns=[], volumes_from=[], cap_add=[], devices=[],
                                           extra_hosts={}, privileged=False, publish_all_ports=False, mem_limit=0)))
    call("start", lambda: low.start("low"))
    call("list", lambda: client.containers.list(all=True, filters={"name": "web"}))
    call("get", lambda: client.containers.get("web"))
    call("exec", lambda: web.exec_run("id"))
    call("exec-options", lambda: web.exec_run(["true"], user="10001", workdir="/tmp", environment={"A": "b"}, tty=True, detach=True))
    call("exec-stream", lambda: list(web.exec_run("echo hello", stream=True, demux=True).output))
    call("exec-socket", lambda: web.exec_run("cat", stdin=True, socket=True).output.close())
    call("put", lambda: web.put_archive("/tmp", tar_of(hello="hello")))
    call("get-archive", lambda: b"".join(web.get_archive("/etc/passwd")[0]))
    call("logs", lambda: web.logs(tail=5, timestamps=True))
    call("logs-stream", lambda: list(client.containers.get("other").logs(stream=True)))
    call("stats", lambda: web.stats(stream=False))
    call("top", web.top)
    call("diff", web.diff)
    call("update", lambda: web.update(mem_limit="128m", memswap_limit=-1, cpu_shares=512))
    call("rename", lambda: web.rename("shop"))
    call("pause", web.pause)
    call("unpause", web.unpause)
    call("restart", lambda: web.restart(timeout=0))
    call("kill", web.kill)
    call("wait", web.wait)
    call("start-again", web.start)
    call("attach", lambda: web.attach(stdout=True, logs=True, stream=True).close())
    call("stop", lambda: web.stop(timeout=0))
    call("export", lambda: sum(len(part) for part in web.export()))
    call("commit", lambda: web.commit("shot", "1", message="a shot", author="somebody", changes=['CMD ["true"]'], conf={"Labels": {"a": "b"}}))
    call("commit-plain", lambda: web.commit("shot", "2"))
    call("remove", lambda: web.remove(force=True, v=True))
    call("prune", client.containers.prune)


def image_day():
    call("images", lambda: client.images.list(all=True))
    shot = call("image", lambda: client.images.get("shot:1"))
    call("tag", lambda: shot.tag("shot", "3"))
    call("history", shot.history)
    saved = call("save", lambda: b"".join(shot.save(named=True)))
    call("load", lambda: client.images.load(saved))
    call("import", lambda: client.api.import_image_from_data(tar_of(hello="hello"), repository="shot", tag="4"))
    call("build", lambda: client.images.build(path=folder + "/site", tag="shot:5", buildargs={"COLOUR": "blue"}, labels={"a": "b"},
                                              rm=True, nocache=True))
    dockerfile = io.BytesIO(f"FROM {image}\nENV A=b\n".encode())
    call("build-file", lambda: client.images.build(fileobj=dockerfile, tag="shot:6"))
    beyond("pull", lambda: client.images.pull("busybox", "9.9"))
    beyond("pull-login", lambda: client.images.pull("registry.example/busybox", "9.9", auth_config={"username": "u", "password": "p"}))
    beyond("push", lambda: client.images.push("shot", "1"))
    beyond("search", lambda: client.images.search("busybox"))
    beyond("login", lambda: client.login("u", "p", registry="registry.example"))
    beyond("registry-data", lambda: client.images.get_registry_data("registry.example/busybox:1"))
    call("image-remove", lambda: [client.images.remove(f"shot:{n}", force=True) for n in range(1, 7)])
    call("image-prune", lambda: client.images.prune(filters={"dangling": True}))
    call("build-prune", client.api.prune_builds)


def other_day():
    call("ping", client.ping)
    call("version", client.version)
    call("info", client.info)
    call("df", client.df)
    call("events", lambda: list(client.events(since=int(time.time()) - 60, until=int(time.time()), decode=True)))
    call("volume", lambda: client.volumes.create("plain", driver="local", driver_opts={}, labels={"a": "b"}))
    call("volumes", client.volumes.list)
    call("volume-remove", lambda: [client.volumes.get(name).remove() for name in ("plain", "data")])
    call("volume-prune", client.volumes.prune)
    pool = docker.types.IPAMConfig(pool_configs=[docker.types.IPAMPool(subnet="10.99.2.0/24")])
    front = call("network", lambda: client.networks.create("front", driver="bridge", ipam=pool, check_duplicate=True, internal=True))
    other = call("run-network", lambda: client.containers.run(image, "sleep 600", network="front", detach=True, stop_signal="KILL"))
    call("disconnect", lambda: front.disconnect(other, force=True))
    call("connect", lambda: front.connect(other, aliases=["shop"], ipv4_address="10.99.2.9"))
    call("networks", lambda: client.networks.list(names=["front"], greedy=True))
    call("force-remove", lambda: other.remove(force=True))
    call("network-remove", lambda: front.remove())
    call("network-prune", client.networks.prune)


container_day()
image_day()
other_day()
os._exit(0)  # streams that the client left open keep nobody waiting
