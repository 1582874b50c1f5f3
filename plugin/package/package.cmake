# SPDX-License-Identifier: GPL-2.0-or-later
# "cpack": what is the same for every package. What it makes, CPackConfig.cmake.in says.

set(TCPCLOSE_MAINTAINER "tcpclose maintainers <maintainers@users.noreply.r-seed-8542b602.example>"
    CACHE STRING "Maintainer of the packages")
set(CPACK_PACKAGE_NAME wireshark-tcpclose)
set(CPACK_PACKAGE_VENDOR "${PROJECT_NAME}")
set(CPACK_PACKAGE_CONTACT "${TCPCLOSE_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Wireshark plugin that tells how TCP connections ended")
set(CPACK_PACKAGE_DESCRIPTION
"Shows on every TCP segment the state that each of the two endpoints is in
after it (FIN_WAIT_1, CLOSE_WAIT, TIME_WAIT and so on), why, and for how long.
For every stream it tells how it ended, who closed first, and how long each
side spent in each closing state: in the packet details, as display filters,
as reports of Wireshark, of tshark and of a program of its own, tcpclose,
and in a configuration profile, \"TCP Close\".")
set(CPACK_GENERATOR TGZ)
set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY OFF)
string(JOIN - CPACK_PACKAGE_FILE_NAME ${CPACK_PACKAGE_NAME} ${PROJECT_VERSION}
    wireshark${TCPCLOSE_WIRESHARK_ID} ${CMAKE_SYSTEM_NAME} ${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_DIR}/generators.cmake")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/compress.cmake")
set(CPACK_POST_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/repack.cmake")

# ---- The Debian package ----

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_RELEASE "1~wireshark${TCPCLOSE_WIRESHARK_ID}")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "wireshark | tshark")
set(CPACK_DEBIAN_PACKAGE_ENHANCES "wireshark, tshark")
install(FILES "${CMAKE_CURRENT_LIST_DIR}/copyright" "${CMAKE_BINARY_DIR}/changelog.Debian.gz"
    DESTINATION share/doc/${CPACK_PACKAGE_NAME} COMPONENT debian EXCLUDE_FROM_ALL)

# ---- What cpack asks ----

set(CPACK_TCPCLOSE_FOLDER "${CMAKE_CURRENT_LIST_DIR}")
set(CPACK_TCPCLOSE_BUILD "${CMAKE_BINARY_DIR}")
set(CPACK_TCPCLOSE_PREFIX "${Wireshark_INSTALL_PREFIX}")
set(CPACK_TCPCLOSE_WIRESHARK "${Wireshark_VERSION}")
get_target_property(CPACK_TCPCLOSE_LIBWIRESHARK epan LOCATION)
set(CPACK_OUTPUT_CONFIG_FILE "${CMAKE_BINARY_DIR}/CPackSettings.cmake")
include(CPack)
configure_file("${CMAKE_CURRENT_LIST_DIR}/CPackConfig.cmake.in" "${CMAKE_BINARY_DIR}/CPackConfig.cmake"
    @ONLY)
