# SPDX-License-Identifier: GPL-2.0-or-later
# Where Wireshark looks for plugins and profiles: its own rules, of wsutil/filesystem.c and its
# CMakeLists.txt, the same from 4.0 to 4.6. All folders are relative: those for every user to
# Wireshark's prefix, the user's plugins to the home folder, on Windows to the folder of the user's
# Wireshark configuration. An application bundle on macOS reads its own folders instead of the
# prefix's; the user's it reads as every Wireshark does.

# "4.0", with a dash on macOS, where a folder with a dot in its name would not pass code signing.
get_filename_component(TCPCLOSE_WIRESHARK_ID "${Wireshark_PLUGIN_LIBDIR}" NAME)

set(TCPCLOSE_SYSTEM_PLUGINS "${Wireshark_PLUGIN_LIBDIR}/epan")
if(WIN32)
    set(TCPCLOSE_SYSTEM_PROFILES "profiles")
    set(TCPCLOSE_USER_PLUGINS "plugins/${TCPCLOSE_WIRESHARK_ID}/epan")
else()
    set(TCPCLOSE_SYSTEM_PROFILES "share/wireshark/profiles")
    set(TCPCLOSE_USER_PLUGINS ".local/lib/wireshark/plugins/${TCPCLOSE_WIRESHARK_ID}/epan")
endif()

# tcpclose_user_folders(PREFIX CONFIG): what the environment says now: PREFIX for the user's plugins,
# and CONFIG, the folder of the user's Wireshark configuration, where "profiles" is.
function(tcpclose_user_folders prefix config)
    set(home "$ENV{HOME}")
    if(DEFINED ENV{WIRESHARK_CONFIG_DIR})
        set(folder "$ENV{WIRESHARK_CONFIG_DIR}")
    elseif(WIN32)
        set(folder "$ENV{APPDATA}/Wireshark")
    else()
        set(folder "${home}/.config/wireshark")
        if(DEFINED ENV{XDG_CONFIG_HOME})
            set(folder "$ENV{XDG_CONFIG_HOME}/wireshark")
        endif()
        # Before there was a standard, it was this one; Wireshark goes on with it.
        if(NOT IS_DIRECTORY "${folder}" AND IS_DIRECTORY "${home}/.wireshark")
            set(folder "${home}/.wireshark")
        endif()
    endif()
    if(WIN32)
        string(REPLACE "\\" "/" folder "${folder}")
        set(home "${folder}")
    endif()
    set(${prefix} "${home}" PARENT_SCOPE)
    set(${config} "${folder}" PARENT_SCOPE)
endfunction()
