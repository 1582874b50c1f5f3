# SPDX-License-Identifier: GPL-2.0-or-later
# "cmake --install": the module and the profile, as one of two components. "system" is for every user
# of the Wireshark that this is built against, "user" for the one who runs the command.

if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
    set(CMAKE_INSTALL_PREFIX "${Wireshark_INSTALL_PREFIX}" CACHE PATH "Wireshark's own prefix" FORCE)
endif()
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# Runs first, and decides what the rules below do.
install(CODE "
    set(WIN32 \"${WIN32}\")
    set(Wireshark_PLUGIN_LIBDIR \"${Wireshark_PLUGIN_LIBDIR}\")
    set(default_prefix \"${CMAKE_INSTALL_PREFIX}\")
    include(\"${CMAKE_CURRENT_LIST_DIR}/folders.cmake\")
    include(\"${CMAKE_CURRENT_LIST_DIR}/choose.cmake\")
" ALL_COMPONENTS)

set(profile "${PROJECT_SOURCE_DIR}/plugin/profile/TCP Close")
set(manual "${CMAKE_CURRENT_LIST_DIR}/tcpclose.7")
install(TARGETS tcpclose DESTINATION "${TCPCLOSE_SYSTEM_PLUGINS}" COMPONENT system)
install(DIRECTORY "${profile}" DESTINATION "${TCPCLOSE_SYSTEM_PROFILES}" COMPONENT system)
if(UNIX)
    install(FILES "${manual}" DESTINATION share/man/man7 COMPONENT system)
endif()

install(TARGETS tcpclose DESTINATION "${TCPCLOSE_USER_PLUGINS}" COMPONENT user EXCLUDE_FROM_ALL)
if(UNIX)
    install(FILES "${manual}" DESTINATION .local/share/man/man7 COMPONENT user EXCLUDE_FROM_ALL)
endif()
install(CODE "set(CMAKE_INSTALL_PREFIX \"\${user_config}\")" COMPONENT user EXCLUDE_FROM_ALL)
install(DIRECTORY "${profile}" DESTINATION profiles COMPONENT user EXCLUDE_FROM_ALL)

install(CODE "
    set(TCPCLOSE_BUILD \"${CMAKE_BINARY_DIR}\")
    include(\"${CMAKE_CURRENT_LIST_DIR}/record.cmake\")
" ALL_COMPONENTS)
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} "-DTCPCLOSE_BUILD=${CMAKE_BINARY_DIR}"
    -P "${CMAKE_CURRENT_LIST_DIR}/uninstall.cmake" VERBATIM)
