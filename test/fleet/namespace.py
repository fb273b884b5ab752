"""A connection of ansible's into the namespaces of a process, as into a host: ansible_host is its process id."""

import subprocess

from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.common.text.converters import to_bytes
from ansible.plugins.connection import ConnectionBase

DOCUMENTATION = """
    name: namespace
    short_description: runs commands in the namespaces of a process
    description: [As root on this machine, by nsenter.]
    options:
      process:
        description: The process whose namespaces are entered.
        vars: [{name: ansible_host}]
"""


class Connection(ConnectionBase):
    transport = "namespace"
    has_pipelining = True

    def _connect(self):
        self._connected = True
        return self

    def close(self):
        self._connected = False

    def _enter(self, command, said=None, out=subprocess.PIPE):
        entering = ["nsenter", "-t", self.get_option("process"), "-m", "-p", "-n", "-i", "-r", "-w"]
        return subprocess.run(entering + command, input=said, stdout=out, stderr=subprocess.PIPE, check=False)

    def exec_command(self, cmd, in_data=None, sudoable=True):
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        done = self._enter(["/bin/sh", "-c", cmd], in_data)
        return done.returncode, done.stdout, done.stderr

    def put_file(self, in_path, out_path):
        super().put_file(in_path, out_path)
        with open(to_bytes(in_path), "rb") as file:
            self._must(self._enter(["dd", "of=" + out_path, "bs=64K"], file.read()))

    def fetch_file(self, in_path, out_path):
        super().fetch_file(in_path, out_path)
        with open(to_bytes(out_path), "wb") as file:
            self._must(self._enter(["dd", "if=" + in_path, "bs=64K"], out=file))

    @staticmethod
    def _must(done):
        if done.returncode != 0:
            raise AnsibleConnectionFailure(done.stderr.decode(errors="replace"))
