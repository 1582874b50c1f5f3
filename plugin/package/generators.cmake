# SPDX-License-Identifier: GPL-2.0-or-later
# cpack reads this once for each package: which components go into it, and below which folder.

set(build "${CPACK_TCPCLOSE_BUILD}")
set(ENV{TCPCLOSE_IS_PACKAGING} 1) # for record.cmake
if(CPACK_GENERATOR STREQUAL "DEB")
    set(CPACK_INSTALL_CMAKE_PROJECTS "${build};tcpclose;system;/;${build};tcpclose;debian;/")
    set(CPACK_PACKAGING_INSTALL_PREFIX "${CPACK_TCPCLOSE_PREFIX}")
    string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
    configure_file("${CPACK_TCPCLOSE_FOLDER}/changelog.in" "${build}/changelog.Debian" @ONLY)
    execute_process(COMMAND gzip -9nf "${build}/changelog.Debian" COMMAND_ERROR_IS_FATAL ANY)
else()
    set(CPACK_INSTALL_CMAKE_PROJECTS "${build};tcpclose;user;/")
    set(CPACK_PACKAGING_INSTALL_PREFIX "/")
endif()
