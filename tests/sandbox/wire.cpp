// SPDX-License-Identifier: MIT
#include "tests/sandbox/wire.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <stdexcept>

namespace sandbox {
namespace {

using kind = minutedock::wire_fault::kind;

// As MinuteDock's front server does it: small bodies are not worth it.
constexpr std::size_t least_compressed = 1024;
constexpr std::uint64_t largest_bomb = 4ULL << 30U;

class gzip_writer {
public:
    gzip_writer() {
        if (::deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::runtime_error("zlib cannot compress");
    }
    ~gzip_writer() { ::deflateEnd(&stream_); }
    gzip_writer(const gzip_writer&) = delete;
    gzip_writer& operator=(const gzip_writer&) = delete;

    void add(std::string_view text) { feed(text, Z_NO_FLUSH); }
    std::string finish() {
        feed({}, Z_FINISH);
        return std::move(packed_);
    }

private:
    void feed(std::string_view text, int flush) {
        std::array<char, 64 * 1024> piece;
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
        stream_.avail_in = static_cast<uInt>(text.size());
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
            stream_.avail_out = static_cast<uInt>(piece.size());
            ::deflate(&stream_, flush);
            packed_.append(piece.data(), piece.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }

    z_stream stream_{};
    std::string packed_;
};

void add_header(std::string& head, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    head.append(name).append(": ").append(value).append("\r\n");
}

std::string head_of(const minutedock::reply& given) {
    const auto status = static_cast<unsigned>(given.answer.status);
    const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
    head.append(reason.data(), reason.size()).append("\r\n");
    add_header(head, "Date", given.answer.date);
    add_header(head, "Content-Type", given.answer.content_type);
    add_header(head, "ETag", given.answer.etag);
    for (const std::string& value : given.answer.retry_after) add_header(head, "Retry-After", value);
    for (const auto& [name, value] : given.headers) add_header(head, name, value);
    return head;
}

// The body as it travels, and the encoding that it has then.
struct packed_body {
    std::string bytes;
    std::string_view encoding;
};

packed_body pack(const minutedock::reply& given, client_wishes wishes) {
    const std::string& body = given.answer.body;
    if (given.wire.what == kind::bad_gzip) return {body, "gzip"};
    if (given.wire.what == kind::gzip_bomb) return {gzip_of_zeros(given.wire.amount), "gzip"};
    // A cut is counted in bytes of the body as it is.
    const bool is_plain = !wishes.accepts_gzip || body.size() < least_compressed || given.wire.what == kind::cut_after;
    return is_plain ? packed_body{body, ""} : packed_body{gzip(body), "gzip"};
}

std::string whole_answer(const minutedock::reply& given, client_wishes wishes) {
    std::string bytes = head_of(given);
    if (!wishes.keeps_connection) add_header(bytes, "Connection", "close");
    const bool has_body = given.answer.status != 204 && given.answer.status != 304;
    if (!has_body) return bytes + "\r\n";
    const packed_body body = pack(given, wishes);
    add_header(bytes, "Vary", "Accept-Encoding");
    add_header(bytes, "Content-Encoding", body.encoding);
    add_header(bytes, "Content-Length", std::to_string(body.bytes.size()));
    return bytes + "\r\n" + body.bytes;
}

}  // namespace

std::string gzip(std::string_view text) {
    gzip_writer writer;
    writer.add(text);
    return writer.finish();
}

std::string gzip_of_zeros(std::uint64_t size) {
    const std::string zeros(64 * 1024, '0');
    gzip_writer writer;
    for (std::uint64_t left = std::min(size, largest_bomb); left > 0;) {
        const auto some = std::min<std::uint64_t>(left, zeros.size());
        writer.add(std::string_view(zeros).substr(0, some));
        left -= some;
    }
    return writer.finish();
}

delivery plan_delivery(const minutedock::reply& given, client_wishes wishes) {
    delivery plan;
    if (given.wire.what == kind::reset_before || given.wire.what == kind::hang) {
        plan.then = given.wire.what == kind::hang ? ending::hang : ending::reset;
        return plan;
    }
    plan.bytes = whole_answer(given, wishes);
    plan.then = wishes.keeps_connection ? ending::keep : ending::close;
    const std::chrono::seconds seconds(given.wire.amount);
    switch (given.wire.what) {
        case kind::cut_after: {
            const std::size_t head = plan.bytes.size() - given.answer.body.size();
            plan.bytes.resize(std::min<std::size_t>(head + given.wire.amount, plan.bytes.size()));
            plan.then = ending::cut;
            break;
        }
        case kind::drip: plan.between_bytes = seconds; break;
        case kind::delay: plan.delay = seconds; break;
        case kind::close_without_notify: plan.then = ending::cut; break;
        default: break;
    }
    return plan;
}

}  // namespace sandbox
