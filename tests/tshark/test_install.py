# SPDX-License-Identifier: GPL-2.0-or-later
"""cmake --install puts the module where Wireshark looks for it, and says where."""
import os
import shutil
import subprocess

import pytest

from wireshark import NOBODY, PROJECT, as_nobody

BUILDING = 600


@pytest.fixture(scope="module")
def build(wireshark):
    """A build by the unprivileged user, of a copy of the sources."""
    source = wireshark.folder / "source"
    source.mkdir()
    for name in ("CMakeLists.txt", "plugin", "tap"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, source / name)
    subprocess.run(["chmod", "-R", "a+rX", source], check=True)
    folder = wireshark.home / "build"
    for command in (["cmake", "-S", source, "-B", folder, "-DTCPCLOSE_TESTS=OFF"],
                    ["cmake", "--build", folder]):
        done = wireshark.run(*command, seconds=BUILDING)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def installed_modules(folder):
    return sorted(folder.rglob("tcpclose.so"))


def test_a_user_gets_it_into_the_own_folder(wireshark, build):
    home = wireshark.home / "install-home"
    subprocess.run(as_nobody(["mkdir", home]), check=True)
    done = wireshark.run("cmake", "--install", build, HOME=str(home))
    assert done.returncode == 0, done.stderr
    [module] = installed_modules(home)
    assert module.parts[-7:-2] == (".local", "lib", "wireshark", "plugins", module.parts[-3])
    assert module.parent.name == "epan"
    assert f"tcpclose is installed for this user, in {module.parent}" in done.stdout
    # Wireshark finds it there by itself.
    listed = wireshark.run("tshark", "-G", "plugins", plugin=False, HOME=str(home))
    assert str(module) in listed.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="not root")
def test_root_gets_it_into_the_system_folder(wireshark, build):
    destination = wireshark.folder / "destination"
    done = subprocess.run(["cmake", "--install", build], capture_output=True, text=True,
                          env={**os.environ, "DESTDIR": str(destination)}, check=False)
    assert done.returncode == 0, done.stderr
    [module] = installed_modules(destination)
    system = "/" + str(module.parent.relative_to(destination))
    plugin_folders = wireshark.run("tshark", "-G", "folders").stdout
    assert "wireshark/plugins/" in system
    assert system.startswith("/usr/"), plugin_folders
    assert f"tcpclose is installed for every user, in {destination}{system}" in done.stdout
    assert module.stat().st_uid == 0 != NOBODY


def test_a_package_gets_it_into_the_system_folder_whoever_builds(wireshark, build):
    destination = wireshark.home / "package"
    done = wireshark.run("cmake", "--install", build, DESTDIR=str(destination))
    assert done.returncode == 0, done.stderr
    [module] = installed_modules(destination)
    assert str(module.relative_to(destination)).startswith("usr/lib/")
