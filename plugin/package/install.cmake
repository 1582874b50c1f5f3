# SPDX-License-Identifier: GPL-2.0-or-later
# "cmake --install": module, program and profile, as one of two components. "system" is for every user
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
install(TARGETS tcpclose DESTINATION "${TCPCLOSE_SYSTEM_PLUGINS}" COMPONENT system)
install(DIRECTORY "${profile}" DESTINATION "${TCPCLOSE_SYSTEM_PROFILES}" COMPONENT system)
install(TARGETS tcpclose DESTINATION "${TCPCLOSE_USER_PLUGINS}" COMPONENT user EXCLUDE_FROM_ALL)
if(UNIX)
    # It finds the libraries of a Wireshark in a folder that the system does not search.
    set_target_properties(tcpclose_command PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
    install(TARGETS tcpclose_command DESTINATION bin COMPONENT system)
    install(TARGETS tcpclose_command DESTINATION .local/bin COMPONENT user EXCLUDE_FROM_ALL)
    foreach(section 1 7)
        set(manual "${CMAKE_CURRENT_LIST_DIR}/tcpclose.${section}")
        install(FILES "${manual}" DESTINATION share/man/man${section} COMPONENT system)
        install(FILES "${manual}" DESTINATION .local/share/man/man${section} COMPONENT user
            EXCLUDE_FROM_ALL)
    endforeach()
endif()
# From here on the prefix is another one.
install(CODE "set(CMAKE_INSTALL_PREFIX \"\${user_config}\")" COMPONENT user EXCLUDE_FROM_ALL)
install(DIRECTORY "${profile}" DESTINATION profiles COMPONENT user EXCLUDE_FROM_ALL)

install(CODE "
    set(TCPCLOSE_BUILD \"${CMAKE_BINARY_DIR}\")
    include(\"${CMAKE_CURRENT_LIST_DIR}/record.cmake\")
" ALL_COMPONENTS)
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} "-DTCPCLOSE_BUILD=${CMAKE_BINARY_DIR}"
    -P "${CMAKE_CURRENT_LIST_DIR}/uninstall.cmake" VERBATIM)
