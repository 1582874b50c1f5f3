# SPDX-License-Identifier: GPL-2.0-or-later
"""cmake --install puts module and profile where Wireshark looks for them, the program where shells look
for it, and says where."""
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from wireshark import NOBODY, PROJECT, as_nobody

BUILDING = 600


@pytest.fixture(scope="module")
def build(wireshark):
    """A build by the unprivileged user, of a copy of the sources; not optimised, which takes half the time."""
    source = wireshark.folder / "source"
    source.mkdir()
    for name in ("CMakeLists.txt", "plugin", "tap"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, source / name)
    subprocess.run(["chmod", "-R", "a+rX", source], check=True)
    folder = wireshark.home / "build"
    for command in (["cmake", "-S", source, "-B", folder, "-DCMAKE_BUILD_TYPE=Debug"],
                    ["cmake", "--build", folder]):
        done = wireshark.run(*command, seconds=BUILDING)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def installed_modules(folder):
    return sorted(folder.rglob("tcpclose.so"))


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def profiles(folder):
    return sorted(folder.rglob("TCP Close"))


@pytest.fixture
def home(wireshark, request):
    """An empty home folder of the unprivileged user."""
    folder = wireshark.home / request.node.name
    subprocess.run(as_nobody(["mkdir", folder]), check=True)
    return folder


def install(wireshark, build, *options, **variables):
    done = wireshark.run("cmake", "--install", build, *options, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cached(build, name):
    """The value of a variable of the build tree."""
    text = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    return re.search(rf"^{name}:\w+=(.*)$", text, re.MULTILINE).group(1)


@pytest.mark.skipif(os.access("/usr/lib", os.W_OK) and os.geteuid() != 0, reason="may write to /usr")
def test_a_user_gets_it_into_the_own_folders(wireshark, build, home):
    said = install(wireshark, build, HOME=str(home))
    [module] = installed_modules(home)
    assert module.parts[-7:-2] == (".local", "lib", "wireshark", "plugins", module.parts[-3])
    assert module.parent.name == "epan"
    assert f"tcpclose is installed for this user, in {module.parent}" in said
    [profile] = profiles(home)
    assert profile == home / ".config/wireshark/profiles/TCP Close"
    manuals = {home / ".local/share/man/man1/tcpclose.1", home / ".local/share/man/man7/tcpclose.7"}
    program = home / ".local/bin/tcpclose"
    # Nothing else: above all nothing that makes the profile the one to start with.
    assert {path for path in files_below(home) if path.parent != profile} == {module, program} | manuals
    # It needs no plugin, and prints what the plugin does.
    capture = wireshark.path("three_way_client")
    done = wireshark.run(program, "csv", capture, plugin=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == wireshark.tshark(capture, "-q", "-z", "tcpclose,csv")
    # Wireshark finds both there by itself.
    listed = wireshark.run("tshark", "-G", "plugins", plugin=False, HOME=str(home))
    assert str(module) in listed.stdout
    printed = wireshark.run("tshark", "-n", "-C", "TCP Close", "-r", wireshark.path("three_way_client"),
                            plugin=False, HOME=str(home))
    assert printed.stderr == ""
    assert "TIME_WAIT" in printed.stdout


def uninstall(wireshark, build, **variables):
    return wireshark.run("cmake", "--build", build, "--target", "uninstall", **variables)


def test_what_was_installed_is_removed_and_nothing_else(wireshark, build, home):
    """The profile's folder too: Wireshark would go on listing it."""
    own = home / ".config/wireshark/profiles/Own"
    subprocess.run(as_nobody(["mkdir", "-p", own]), check=True)
    install(wireshark, build, HOME=str(home))
    assert files_below(home)
    done = uninstall(wireshark, build)
    assert done.returncode == 0, done.stderr
    assert not files_below(home)
    assert list(own.parent.iterdir()) == [own]
    done = uninstall(wireshark, build)
    assert done.returncode != 0
    assert f"Nothing was installed from {build}: it has no installed_*.txt." in done.stderr


def test_what_a_package_was_made_of_is_not_removed(wireshark, build, home):
    """cpack runs the same rules, for the folders of the system."""
    done = wireshark.run("cpack", "--config", build / "CPackConfig.cmake", "-B", home / "packages")
    assert done.returncode == 0, done.stderr
    install(wireshark, build, DESTDIR=str(home / "staged"))
    assert uninstall(wireshark, build).returncode != 0
    assert files_below(home / "staged")


def test_tests_are_built_only_where_asked_for(build):
    assert not list(build.glob("tests/**/*.o"))
    assert not (build / "CTestTestfile.cmake").exists()


def test_the_profile_follows_the_user_s_configuration(wireshark, build, home):
    elsewhere = home / "elsewhere"
    install(wireshark, build, HOME=str(home), XDG_CONFIG_HOME=str(elsewhere))
    assert profiles(home) == [elsewhere / "wireshark/profiles/TCP Close"]
    folders = wireshark.run("tshark", "-G", "folders", HOME=str(home), XDG_CONFIG_HOME=str(elsewhere))
    assert re.search(rf"^Personal configuration:\s+{elsewhere}/wireshark/?$", folders.stdout, re.M)


def test_the_profile_goes_to_the_folder_of_old_where_that_is_used(wireshark, build, home):
    old = home / ".wireshark"
    subprocess.run(as_nobody(["mkdir", old]), check=True)
    install(wireshark, build, HOME=str(home))
    assert profiles(home) == [old / "profiles/TCP Close"]
    folders = wireshark.run("tshark", "-G", "folders", HOME=str(home))
    assert re.search(rf"^Personal configuration:\s+{old}/?$", folders.stdout, re.M)


def test_a_component_and_a_prefix_choose(wireshark, build, home):
    install(wireshark, build, "--component", "user", "--prefix", home / "user")
    assert profiles(home / "user") == [home / "user/.config/wireshark/profiles/TCP Close"]
    assert installed_modules(home / "user/.local/lib/wireshark/plugins")
    assert (home / "user/.local/bin/tcpclose").is_file()
    install(wireshark, build, "--prefix", home / "opt")
    assert profiles(home / "opt") == [home / "opt/share/wireshark/profiles/TCP Close"]
    assert os.access(home / "opt/bin/tcpclose", os.X_OK)
    [module] = installed_modules(home / "opt")
    assert str(module.relative_to(home / "opt")).startswith("lib/")


@pytest.mark.skipif(os.geteuid() != 0, reason="not root")
def test_root_gets_it_into_the_system_folders(wireshark, build):
    destination = wireshark.folder / "destination"
    done = subprocess.run(["cmake", "--install", build], capture_output=True, text=True,
                          env={**os.environ, "DESTDIR": str(destination)}, check=False)
    assert done.returncode == 0, done.stderr
    [module] = installed_modules(destination)
    system = "/" + str(module.parent.relative_to(destination))
    folders = wireshark.run("tshark", "-G", "folders").stdout
    # Wireshark's own: the build tree stands in for its plugin folder, not for its data folder.
    [data] = re.findall(r"^Global configuration:\s+(.*?)/?$", folders, re.M)
    assert profiles(destination) == [Path(f"{destination}{data}/profiles/TCP Close")]
    assert system.startswith(f"{cached(build, 'CMAKE_INSTALL_PREFIX')}/lib")
    assert f"tcpclose is installed for every user, in {destination}{system}" in done.stdout
    assert module.stat().st_uid == 0 != NOBODY
    assert not list(destination.rglob("*.probe"))


def test_a_package_gets_it_into_the_system_folder_whoever_builds(wireshark, build):
    destination = wireshark.home / "package"
    install(wireshark, build, DESTDIR=str(destination))
    [module] = installed_modules(destination)
    assert str(module.relative_to(destination)).startswith("usr/lib/")


def test_a_private_wireshark_gets_it_into_its_own_folders(wireshark, build):
    """One below another prefix: Debian's files, but a configuration of its own."""
    prefix, private = Path(cached(build, "CMAKE_INSTALL_PREFIX")), wireshark.home / "private"
    config = Path(cached(build, "Wireshark_DIR"))
    headers = private / "include" / "wireshark"
    headers.parent.mkdir(parents=True)
    headers.symlink_to(prefix / "include" / "wireshark")
    shutil.copytree(config, private / config.relative_to(prefix))
    [library] = prefix.glob("lib/*/libwireshark.so")
    for name in library.parent.glob("lib*"):
        if name.name.startswith(("libwireshark.", "libwiretap.", "libwsutil.")):
            copy = private / name.relative_to(prefix)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(name)
    if os.geteuid() == 0:
        subprocess.run(["chown", "-hR", f"{NOBODY}:{NOBODY}", private], check=True)
    folder = wireshark.home / "private-build"
    for command in (["cmake", "-S", wireshark.folder / "source", "-B", folder, "-DTCPCLOSE_TESTS=OFF",
                     "-DCMAKE_BUILD_TYPE=Debug", f"-DWireshark_DIR={private / config.relative_to(prefix)}"],
                    ["cmake", "--build", folder]):
        done = wireshark.run(*command, seconds=BUILDING)
        assert done.returncode == 0, done.stdout + done.stderr
    install(wireshark, folder)
    [module] = installed_modules(private)
    assert module.parent.parent.parent == private / library.parent.relative_to(prefix) / "wireshark/plugins"
    assert profiles(private) == [private / "share/wireshark/profiles/TCP Close"]
    read = subprocess.run(["readelf", "-d", private / "bin/tcpclose"], capture_output=True, text=True, check=True)
    assert re.findall(r"R(?:UN)?PATH.*\[(.*)\]", read.stdout) == [str(private / library.parent.relative_to(prefix))]


# Wireshark's own rules on systems that no test here runs on.
@pytest.mark.parametrize("system, plugins, expected", [
    ("WIN32", "plugins/4.4",
     "plugins/4.4/epan profiles C:/Users/x/Roaming/Wireshark/plugins/4.4/epan "
     "C:/Users/x/Roaming/Wireshark/profiles"),
    ("APPLE", "lib/wireshark/plugins/4-4",
     "lib/wireshark/plugins/4-4/epan share/wireshark/profiles "
     "/Users/x/.local/lib/wireshark/plugins/4-4/epan /Users/x/.config/wireshark/profiles"),
])
def test_the_folders_of_other_systems(tmp_path, system, plugins, expected):
    script = tmp_path / "folders.cmake"
    script.write_text(
        f'include("{PROJECT}/plugin/package/folders.cmake")\n'
        "tcpclose_user_folders(prefix config)\n"
        'message("${TCPCLOSE_SYSTEM_PLUGINS} ${TCPCLOSE_SYSTEM_PROFILES} '
        '${prefix}/${TCPCLOSE_USER_PLUGINS} ${config}/profiles")\n', encoding="utf-8")
    done = subprocess.run(["cmake", f"-D{system}=1", f"-DWireshark_PLUGIN_LIBDIR={plugins}", "-P", script],
                          capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"], "HOME": "/Users/x",
                               "APPDATA": "C:\\Users\\x\\Roaming"})
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == expected
