# SPDX-License-Identifier: GPL-2.0-or-later
# Runs last in "cmake --install": writes down what it has installed, for uninstall.cmake. CMake's own list
# will not do: cpack writes the same file, with the names of files that it never installed.

if(NOT DEFINED ENV{DESTDIR} AND NOT DEFINED ENV{TCPCLOSE_IS_PACKAGING})
    list(JOIN CMAKE_INSTALL_MANIFEST_FILES "\n" lines)
    file(WRITE "${TCPCLOSE_BUILD}/installed_${CMAKE_INSTALL_COMPONENT}.txt" "${lines}\n")
endif()
