# SPDX-License-Identifier: MIT
# Which parts go into which package; CPack reads it once for each. The Debian package has absolute paths (/etc, /lib), which
# DESTDIR keeps below its own folder.
if(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_SET_DESTDIR ON)
  set(CPACK_INSTALL_PREFIX /usr)
  set(part debian)
else()
  set(part archive)
endif()
set(CPACK_INSTALL_CMAKE_PROJECTS "${CPACK_MDOCK_BUILD};mdock;program;/;${CPACK_MDOCK_BUILD};mdock;${part};/")
