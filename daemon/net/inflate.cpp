// SPDX-License-Identifier: MIT
#include "daemon/net/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace mdock::net {
namespace {

constexpr int gzip_only = 15 + 16;    // the largest window, with a gzip header required

class gzip_stream {
public:
    gzip_stream() : is_open_(::inflateInit2(&stream_, gzip_only) == Z_OK) {}
    ~gzip_stream() {
        if (is_open_) ::inflateEnd(&stream_);
    }
    gzip_stream(const gzip_stream&) = delete;
    gzip_stream& operator=(const gzip_stream&) = delete;

    bool is_open() const { return is_open_; }
    z_stream& raw() { return stream_; }

private:
    z_stream stream_{};
    bool is_open_;
};

inflated refused(inflate_fault why) { return inflated{{}, why}; }

}  // namespace

inflated inflate_gzip(std::string_view packed, std::size_t cap) {
    if (packed.size() > std::numeric_limits<uInt>::max()) return refused(inflate_fault::too_large);
    gzip_stream gzip;
    if (!gzip.is_open()) return refused(inflate_fault::damaged);
    z_stream& z = gzip.raw();
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    z.avail_in = static_cast<uInt>(packed.size());

    inflated out;
    std::array<char, 32 * 1024> piece;
    for (;;) {
        z.next_out = reinterpret_cast<Bytef*>(piece.data());
        z.avail_out = static_cast<uInt>(piece.size());
        const int outcome = ::inflate(&z, Z_NO_FLUSH);
        const std::size_t produced = piece.size() - z.avail_out;
        if (produced > cap - out.text.size()) return refused(inflate_fault::too_large);
        out.text.append(piece.data(), produced);

        if (outcome == Z_STREAM_END) {
            if (z.avail_in == 0) return out;
            if (::inflateReset(&z) != Z_OK) return refused(inflate_fault::damaged);
        } else if (outcome == Z_BUF_ERROR || (outcome == Z_OK && z.avail_in == 0 && z.avail_out != 0)) {
            return refused(inflate_fault::cut_short);
        } else if (outcome != Z_OK) {
            return refused(inflate_fault::damaged);
        }
    }
}

}  // namespace mdock::net
