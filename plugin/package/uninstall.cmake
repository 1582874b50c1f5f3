# SPDX-License-Identifier: GPL-2.0-or-later
# "cmake --build BUILD --target uninstall": removes what record.cmake has written down, and the folders of
# the profile and of Wireshark's plugins that are empty then.

file(GLOB lists "${TCPCLOSE_BUILD}/installed_*.txt")
if(NOT lists)
    message(FATAL_ERROR " Nothing was installed from ${TCPCLOSE_BUILD}: it has no installed_*.txt.")
endif()

foreach(list ${lists})
    file(STRINGS "${list}" files)
    foreach(path ${files})
        if(EXISTS "${path}" OR IS_SYMLINK "${path}")
            execute_process(COMMAND "${CMAKE_COMMAND}" -E rm "${path}" RESULT_VARIABLE failed ERROR_QUIET)
            if(failed)
                message(FATAL_ERROR " Could not remove ${path}: do it as who installed it, root perhaps.")
            endif()
            message(STATUS "Removed: ${path}")
        endif()
        get_filename_component(folder "${path}" DIRECTORY)
        file(GLOB left "${folder}/*")
        if(NOT left AND folder MATCHES "/(TCP Close|epan)$")
            file(REMOVE_RECURSE "${folder}")
        endif()
    endforeach()
    file(REMOVE "${list}")
endforeach()
