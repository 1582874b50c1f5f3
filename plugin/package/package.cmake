# SPDX-License-Identifier: GPL-2.0-or-later
# "cpack": a tar file to be unpacked in a home folder, and a Debian package, if the Wireshark that this
# is built against comes from one.

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
as reports of Wireshark and tshark, and in a configuration profile, \"TCP
Close\".")
set(CPACK_GENERATOR TGZ)
set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY OFF)
string(JOIN - CPACK_PACKAGE_FILE_NAME ${CPACK_PACKAGE_NAME} ${PROJECT_VERSION}
    wireshark${TCPCLOSE_WIRESHARK_ID} ${CMAKE_SYSTEM_NAME} ${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_TCPCLOSE_BUILD "${CMAKE_BINARY_DIR}")
set(CPACK_TCPCLOSE_PREFIX "${Wireshark_INSTALL_PREFIX}")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_DIR}/generators.cmake")
set(CPACK_POST_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/repack.cmake")

# ---- The Debian package ----

# The package of libwireshark: "libwireshark16" for 4.0.
get_target_property(libwireshark epan LOCATION)
find_program(DPKG_QUERY dpkg-query)
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
mark_as_advanced(DPKG_QUERY DPKG_SHLIBDEPS)
if(DPKG_QUERY AND DPKG_SHLIBDEPS)
    execute_process(COMMAND ${DPKG_QUERY} --search "${libwireshark}"
        OUTPUT_VARIABLE owner ERROR_QUIET)
endif()
if(owner MATCHES "^([^:]+):")
    set(library_package "${CMAKE_MATCH_1}")
    list(PREPEND CPACK_GENERATOR DEB)
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    set(CPACK_DEBIAN_PACKAGE_SECTION net)
    set(CPACK_DEBIAN_PACKAGE_RELEASE "1~wireshark${TCPCLOSE_WIRESHARK_ID}")
    set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
    # Wireshark loads a plugin of its own major and minor version only.
    set(this_minor "${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}~")
    math(EXPR next_minor "${Wireshark_MINOR_VERSION} + 1")
    set(next_minor "${Wireshark_MAJOR_VERSION}.${next_minor}~")
    string(JOIN ", " CPACK_DEBIAN_PACKAGE_DEPENDS
        "${library_package} (>= ${this_minor})" "${library_package} (<< ${next_minor})")
    set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "wireshark | tshark")
    set(CPACK_DEBIAN_PACKAGE_ENHANCES "wireshark, tshark")

    string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
    configure_file("${CMAKE_CURRENT_LIST_DIR}/changelog.in" changelog.Debian @ONLY)
    execute_process(COMMAND gzip -9nf "${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian")
    install(FILES "${CMAKE_CURRENT_LIST_DIR}/copyright" "${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz"
        DESTINATION share/doc/${CPACK_PACKAGE_NAME} COMPONENT debian EXCLUDE_FROM_ALL)
else()
    message(STATUS "cpack makes no Debian package: ${libwireshark} is of none")
endif()
include(CPack)
