# SPDX-License-Identifier: GPL-2.0-or-later
# Runs inside cpack, before it begins: a Debian package is made where the Wireshark that this was built
# against comes from one, and Debian's tools are there; in any case a tar file. Says which.

set(tools dpkg-query dpkg-shlibdeps file)
foreach(tool ${tools})
    string(MAKE_C_IDENTIFIER "TCPCLOSE_${tool}" variable)
    find_program(${variable} ${tool})
    if(NOT ${variable})
        list(APPEND missing ${tool})
    endif()
endforeach()

# The package of libwireshark: "libwireshark16" for 4.0.
if(missing)
    list(JOIN missing ", " missing)
    set(why "not found: ${missing}; install the packages dpkg-dev and file")
else()
    execute_process(COMMAND ${TCPCLOSE_dpkg_query} --search "${CPACK_TCPCLOSE_LIBWIRESHARK}"
        OUTPUT_VARIABLE owner ERROR_QUIET)
    if(NOT owner MATCHES "^([^:]+):")
        set(why "${CPACK_TCPCLOSE_LIBWIRESHARK} is of none")
    endif()
endif()

if(why)
    message("tcpclose: cpack makes a tar file for one user, and no Debian package: ${why}")
else()
    set(library_package "${CMAKE_MATCH_1}")
    list(PREPEND CPACK_GENERATOR DEB)
    # Wireshark loads a plugin of its own major and minor version only.
    string(REGEX MATCH "^([0-9]+)[.]([0-9]+)" ignored "${CPACK_TCPCLOSE_WIRESHARK}")
    math(EXPR next_minor "${CMAKE_MATCH_2} + 1")
    string(JOIN ", " CPACK_DEBIAN_PACKAGE_DEPENDS
        "${library_package} (>= ${CMAKE_MATCH_1}.${CMAKE_MATCH_2}~)"
        "${library_package} (<< ${CMAKE_MATCH_1}.${next_minor}~)")
    message("tcpclose: cpack makes a Debian package for Wireshark ${CMAKE_MATCH_1}.${CMAKE_MATCH_2} "
        "(${library_package}), and a tar file for one user")
endif()
