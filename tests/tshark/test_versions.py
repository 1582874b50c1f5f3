# SPDX-License-Identifier: GPL-2.0-or-later
"""One source for every supported Wireshark: its differences are in a header, and the build refuses
other releases before it begins."""
import re
import subprocess

import pytest

from names import STREAMS_BEFORE_AND_SINCE_4_4
from wireshark import PROJECT


# A plugin must say which release it was built for: that is no test of it.
SAID_OF_THE_PLUGIN = re.compile(r"plugin_want_(major|minor) = WIRESHARK_VERSION_(MAJOR|MINOR);")

VERSION_TEST = re.compile(r"VERSION_(MAJOR|MINOR|MICRO)|COMPAT_SINCE|_Generic|__has_include|"
                          r"__builtin_types_compatible_p|epan_get_version|get_ws_vcs_version")


def version_tests(text):
    return [line.strip() for line in SAID_OF_THE_PLUGIN.sub("", text).splitlines()
            if VERSION_TEST.search(line)]


def test_version_tests_are_in_these_headers():
    """Of the plugin, of the program that sees Wiretap only, and what both ask with."""
    sources = [path for folder in ("plugin", "tap") for path in (PROJECT / folder).rglob("*.[ch]")]
    found = {str(path.relative_to(PROJECT)): version_tests(path.read_text(encoding="utf-8"))
             for path in sources}
    assert {path for path, lines in found.items() if lines} == {
        "plugin/ws/release.h", "plugin/ws/wscompat.h", "plugin/ws/wtcompat.h"}


@pytest.mark.parametrize("line", [
    "#if WIRESHARK_VERSION_MAJOR > 4",
    "#if VERSION_MINOR >= 2",
    ".callback = _Generic((stat_tap_init_cb)NULL, default: start),",
    "#if __has_include(<wsutil/plugins.h>)",
    "    epan_get_version_number(&major, &minor, &micro);",
])
def test_a_version_test_is_seen(line):
    assert version_tests(line)


@pytest.fixture(name="configure")
def fixture_configure(tmp_path):
    """Configures the project with a Wireshark that says it is that release."""
    def run(version, *options):
        (tmp_path / "WiresharkConfig.cmake").write_text(
            f'set(Wireshark_VERSION "{version}")\n'
            f'set(Wireshark_PLUGIN_LIBDIR "lib/wireshark/plugins/{version[:3]}")\n'
            'set(Wireshark_MINOR_VERSION 0)\nadd_library(epan SHARED IMPORTED)\n'
            'set_target_properties(epan PROPERTIES IMPORTED_LOCATION /nowhere/libwireshark.so)\n')
        return subprocess.run(
            ["cmake", "-S", PROJECT, "-B", tmp_path / "build", f"-DWireshark_DIR={tmp_path}",
             "-DTCPCLOSE_TESTS=OFF", *options], capture_output=True, text=True, check=False)
    return run


@pytest.mark.parametrize("version", ["4.0.0", "4.0.17", "4.4.18", "4.6.9"])
def test_supported_release_is_configured(configure, version):
    done = configure(version)
    assert done.returncode == 0, done.stderr
    assert "untested" not in done.stdout


def test_a_release_that_was_never_tried_is_said_to_be_untested(configure):
    """In one line, and no more: Ubuntu 24.04 has it."""
    done = configure("4.2.2")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if "untested" in line] == [
        "-- tcpclose is untested with Wireshark 4.2.2"]


@pytest.mark.parametrize("version", ["2.6.20", "3.6.24", "4.1.0", "4.7.0", "4.8.1", "4.40.0", "5.0.0"])
def test_other_release_is_refused_in_one_line(configure, version):
    done = configure(version)
    assert done.returncode != 0
    assert [line.strip() for line in done.stderr.splitlines() if "Wireshark" in line] == [
        f"Wireshark {version} is not supported, but 4.0, 4.4, 4.6 are. "
        "-DTCPCLOSE_ANY_WIRESHARK=ON tries it."]


def test_other_release_can_be_tried(configure):
    done = configure("4.8.1", "-DTCPCLOSE_ANY_WIRESHARK=ON")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("capture", STREAMS_BEFORE_AND_SINCE_4_4)
def test_other_streams_since_4_4_are_wiresharks_own(wireshark, capture):
    before, since = STREAMS_BEFORE_AND_SINCE_4_4[capture]
    streams = wireshark.tshark(capture, "-T", "fields", "-e", "tcp.stream", plugin=False)
    assert len(set(streams.split())) == (since if wireshark.release >= (4, 4) else before)


def test_the_matrix_has_every_supported_release():
    cmake = (PROJECT / "CMakeLists.txt").read_text(encoding="utf-8")
    matrix = (PROJECT / "tests" / "matrix" / "matrix.sh").read_text(encoding="utf-8")
    supported = re.search(r"^set\(supported (.*)\)$", cmake, re.M).group(1).split()
    assert supported == re.findall(r'^ {4}"(\d+\.\d+) \w+ Debian ', matrix, re.M)
