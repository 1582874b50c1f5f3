# SPDX-License-Identifier: GPL-2.0-or-later
"""What cpack makes. That it installs, upgrades and removes is for tests/matrix/package.sh to show."""
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from wireshark import as_nobody, built_plugins

PROFILE_FILES = {"colorfilters", "dfilter_buttons", "io_graphs", "plots", "preferences", "recent"}

needs_debian = pytest.mark.skipif(not shutil.which("dpkg-shlibdeps") or not shutil.which("file"),
                                  reason="no dpkg-dev or file")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def make_package(generator, folder, suffix):
    build = built_plugins().parent
    done = subprocess.run(["cpack", "--config", build / "CPackConfig.cmake", "-G", generator, "-B", folder],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [package] = folder.glob(f"*{suffix}")
    return package


def decide(*options):
    """What cpack reads before it begins, and what it says then."""
    config = built_plugins().parent / "CPackConfig.cmake"
    return subprocess.run(["cmake", *options, "-P", config], capture_output=True, text=True,
                          check=True).stderr


@pytest.fixture(scope="module")
def deb(tmp_path_factory):
    return make_package("DEB", tmp_path_factory.mktemp("deb"), ".deb")


@pytest.fixture(scope="module")
def tar(tmp_path_factory):
    return make_package("TGZ", tmp_path_factory.mktemp("tar"), ".tar.gz")


def wireshark_version(wireshark):
    version = re.search(r"TShark .*?(\d+)\.(\d+)\.", wireshark.run("tshark", "--version").stdout)
    return int(version.group(1)), int(version.group(2))


@needs_debian
def test_the_debian_package_says_what_it_is_and_which_wireshark_it_wants(wireshark, deb):
    fields = dict(re.findall(r"^(\S+): (.*)$", output("dpkg-deb", "--field", deb), re.M))
    major, minor = wireshark_version(wireshark)
    assert fields["Package"] == "wireshark-tcpclose"
    assert fields["Section"] == "net"
    assert re.fullmatch(r"[^<>]+ <\S+@\S+>", fields["Maintainer"])
    assert fields["Version"].endswith(f"-1~wireshark{major}.{minor}")
    assert re.match(rf"(libwireshark\w+) \(>= {major}\.{minor}~\), \1 \(<< {major}\.{minor + 1}~\), ",
                    fields["Depends"])
    assert {"libc6", "libglib2.0-0"} <= {name.removesuffix("t64")
                                         for name in re.findall(r"[\w.+-]+(?= \()", fields["Depends"])}


@needs_debian
def test_the_debian_package_holds_module_program_profile_and_copyright(wireshark, deb):
    files = {Path(line.split(maxsplit=5)[5]) for line in output("dpkg-deb", "--contents", deb).splitlines()
             if not line.endswith("/")}
    [module] = [path for path in files if path.name == "tcpclose.so"]
    assert module.parts[-5:-1] == ("wireshark", "plugins", "%d.%d" % wireshark_version(wireshark), "epan")
    assert files - {module} == {
        *(Path("usr/share/wireshark/profiles/TCP Close", name) for name in PROFILE_FILES),
        *(Path("usr/share/doc/wireshark-tcpclose", name) for name in ("copyright", "changelog.Debian.gz")),
        Path("usr/bin/tcpclose"), Path("usr/share/man/man1/tcpclose.1.gz"),
        Path("usr/share/man/man7/tcpclose.7.gz")}


@needs_debian
def test_cpack_says_what_it_makes(wireshark):
    """Decided when it runs: the build may be older than dpkg-dev."""
    done = decide()
    release = ".".join(map(str, wireshark_version(wireshark)))
    assert re.fullmatch(rf"tcpclose: cpack makes a Debian package for Wireshark {release} "
                        r"\(libwireshark\w+\), and a tar file for one user\n", done)


def test_cpack_says_why_it_makes_no_debian_package():
    """Told not to look into any folder, it finds no tool."""
    assert decide("-DCMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH=OFF",
                  "-DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF") == (
        "tcpclose: cpack makes a tar file for one user, and no Debian package: not found: dpkg-query, "
        "dpkg-shlibdeps, file; install the packages dpkg-dev and file\n")


@needs_debian
@pytest.mark.skipif(not shutil.which("lintian"), reason="no lintian")
def test_lintian_finds_nothing(deb):
    done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", deb],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tar_file_is_for_a_home_folder_and_leaves_its_modes_alone(wireshark, tar):
    home = wireshark.home / "tar-home"
    subprocess.run(as_nobody(["mkdir", "--mode=700", home, home / ".config"]), check=True)
    shutil.copy(tar, wireshark.made)
    done = wireshark.run("tar", "-C", home, "-xzf", wireshark.made / tar.name)
    assert done.returncode == 0, done.stderr
    with tarfile.open(tar) as archive:
        assert all(member.isfile() for member in archive)
        assert {Path(name).parts[0] for name in archive.getnames()} == {".config", ".local"}
        assert {".local/share/man/man1/tcpclose.1", ".local/share/man/man7/tcpclose.7"} <= set(archive.getnames())
    listed = wireshark.run("tshark", "-G", "plugins", plugin=False, HOME=str(home))
    assert f"{home}/.local/lib/wireshark/plugins/" in listed.stdout
    assert wireshark.run(home / ".local/bin/tcpclose", "--version").stdout.startswith("tcpclose ")
    assert (home / ".config").stat().st_mode & 0o777 == 0o700
    assert {path.name for path in (home / ".config/wireshark/profiles/TCP Close").iterdir()} == PROFILE_FILES
