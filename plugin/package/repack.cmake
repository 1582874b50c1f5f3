# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the tar file once more, of files alone: an entry for ".config" would give a user's own folder
# the mode that it has in the tar file. Runs before cpack hands its packages out.

if(CPACK_GENERATOR STREQUAL "TGZ")
    set(staged "${CPACK_TEMPORARY_DIRECTORY}")
    # CMake 4.3 has made it in this very folder.
    file(REMOVE "${CPACK_PACKAGE_FILES}")
    file(GLOB_RECURSE files RELATIVE "${staged}" LIST_DIRECTORIES OFF "${staged}/*")
    list(JOIN files "\n" lines)
    file(WRITE "${staged}.list" "${lines}\n")
    execute_process(COMMAND "${CMAKE_COMMAND}" -E tar cz "${CPACK_PACKAGE_FILES}" --format=gnutar
        "--files-from=${staged}.list" WORKING_DIRECTORY "${staged}" COMMAND_ERROR_IS_FATAL ANY)
endif()
