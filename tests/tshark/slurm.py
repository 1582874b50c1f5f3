# SPDX-License-Identifier: GPL-2.0-or-later
"""A Slurm cluster on this machine: one slurmctld and two slurmd, in a folder of its own."""
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "sinfo")
WAIT_S = 30

CONFIGURATION = """
ClusterName=tcpclose
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
"""


def reason_not_to():
    """Why there can be no cluster here; None: there can."""
    if os.geteuid() != 0:
        return "Slurm's daemons need root"
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    return f"not installed: {', '.join(missing)}" if missing else None


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Cluster:
    """In the foreground each, so that they are ours to end."""

    def __init__(self):
        # munged, who is not root, has to get there.
        self.folder = folder = Path(tempfile.mkdtemp(prefix="tcpclose-slurm-"))
        self.processes = []
        self.environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
        folder.chmod(0o755)
        for name in ("munge", "state", "spool-n1", "spool-n2"):
            (folder / name).mkdir()
        (folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=folder, host=socket.gethostname().split(".", maxsplit=1)[0], ports=free_ports(3)), encoding="ascii")
        self.begin_munge(folder / "munge")
        self.begin("slurmctld", "-D")
        for node in ("n1", "n2"):
            self.begin("slurmd", "-D", "-N", node)

    def begin_munge(self, folder):
        key = folder / "key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        user = pwd.getpwnam("munge")
        for path in (key, folder):
            os.chown(path, user.pw_uid, user.pw_gid)
        folder.chmod(0o711)
        self.begin("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={folder}/socket",
                   f"--pid-file={folder}/pid", f"--log-file={folder}/log", f"--seed-file={folder}/seed",
                   user=user.pw_uid, group=user.pw_gid, extra_groups=[])

    def begin(self, program, *options, **how):
        with open(self.folder / f"{program}{''.join(options[-1:]).replace('/', '_')[-8:]}.log", "wb") as log:
            self.processes.append(subprocess.Popen(  # pylint: disable=consider-using-with
                [shutil.which(program), *options], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env=self.environment, cwd="/", **how))

    def wait(self):
        """Both nodes are idle. False: not in time."""
        for _ in range(WAIT_S * 2):
            said = subprocess.run(["sinfo", "-h", "-o", "%D %t"], env=self.environment, capture_output=True,
                                  text=True, check=False, timeout=WAIT_S).stdout.split()
            if said == ["2", "idle"]:
                return True
            time.sleep(0.5)
        return False

    def end(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder)
