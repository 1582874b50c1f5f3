# SPDX-License-Identifier: GPL-2.0-or-later
# For whom to install; runs inside "cmake --install". Unless --component says it: for every user where
# Wireshark's plugin folder can be written (root, a package's DESTDIR, a Wireshark of one's own), else
# for this user. --prefix gives another prefix, or with --component user another home.

if(NOT CMAKE_INSTALL_COMPONENT)
    set(probe "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${TCPCLOSE_SYSTEM_PLUGINS}/tcpclose.probe")
    get_filename_component(folder "${probe}" DIRECTORY)
    execute_process(COMMAND "${CMAKE_COMMAND}" -E make_directory "${folder}" ERROR_QUIET)
    execute_process(COMMAND "${CMAKE_COMMAND}" -E touch "${probe}" RESULT_VARIABLE denied ERROR_QUIET)
    if(denied)
        set(CMAKE_INSTALL_COMPONENT user)
    else()
        file(REMOVE "${probe}")
        set(CMAKE_INSTALL_COMPONENT system)
    endif()
    set(chosen TRUE)
endif()

set(whose "for every user")
set(plugins "${TCPCLOSE_SYSTEM_PLUGINS}")
if(CMAKE_INSTALL_COMPONENT STREQUAL "user")
    set(whose "for this user")
    set(plugins "${TCPCLOSE_USER_PLUGINS}")
    if(CMAKE_INSTALL_PREFIX STREQUAL default_prefix)
        tcpclose_user_folders(CMAKE_INSTALL_PREFIX user_config)
    else()
        set(user_config "${CMAKE_INSTALL_PREFIX}/.config/wireshark")
    endif()
endif()
if(chosen)
    message(STATUS "tcpclose is installed ${whose}, in $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${plugins}")
endif()
