# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's policy (12.1): a package's manual pages are compressed. Runs when cpack has installed them
# into a folder of its own.

if(CPACK_GENERATOR STREQUAL "DEB")
    file(GLOB_RECURSE pages "${CPACK_TEMPORARY_DIRECTORY}/tcpclose.[17]")
    execute_process(COMMAND gzip -9n ${pages} INPUT_FILE /dev/null COMMAND_ERROR_IS_FATAL ANY)
endif()
