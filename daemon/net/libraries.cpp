// SPDX-License-Identifier: MIT
// The one translation unit with the non-template code of Asio's TLS half and of Beast.
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
