# SPDX-License-Identifier: GPL-2.0-or-later
# cpack reads this once for each package: which components go into it, and below which folder.

set(build "${CPACK_TCPCLOSE_BUILD}")
if(CPACK_GENERATOR STREQUAL "DEB")
    set(CPACK_INSTALL_CMAKE_PROJECTS "${build};tcpclose;system;/;${build};tcpclose;debian;/")
    set(CPACK_PACKAGING_INSTALL_PREFIX "${CPACK_TCPCLOSE_PREFIX}")
else()
    set(CPACK_INSTALL_CMAKE_PROJECTS "${build};tcpclose;user;/")
    set(CPACK_PACKAGING_INSTALL_PREFIX "/")
endif()
