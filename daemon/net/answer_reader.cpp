// SPDX-License-Identifier: MIT
#include "daemon/net/answer_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <iterator>

namespace mdock::net {
namespace {

namespace http = boost::beast::http;
using parser = http::response_parser<http::string_body>;

// What may wait unparsed beside a head: one chunk header. More is a server that never ends a line.
constexpr std::size_t unparsed_beyond_head = 64 * 1024;
constexpr int most_interim_answers = 8;

std::string lower(std::string_view text) {
    std::string low(text);
    for (char& c : low) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return low;
}

failure broken(const std::string& why) {
    return {errc::bad_framing, "The answer is not valid HTTP (" + why + "); nothing of it was used."};
}

std::string joined(const http::fields& fields, http::field name) {
    std::string all;
    const auto range = fields.equal_range(name);
    for (auto at = range.first; at != range.second; ++at) {
        if (!all.empty()) all += ", ";
        all += lower(std::string_view(at->value().data(), at->value().size()));
    }
    return all;
}

std::string first(const http::fields& fields, http::field name) {
    const auto value = fields[name];
    return std::string(value.data(), value.size());
}

// Beast lets a repeated equal Content-Length pass, and an unknown Transfer-Encoding beside one: both are ways to make
// two readers disagree on where an answer ends.
std::optional<failure> check_framing(const http::fields& fields) {
    const auto lengths = fields.count(http::field::content_length);
    const auto codings = fields.count(http::field::transfer_encoding);
    if (lengths > 1) return broken("two Content-Length headers");
    if (lengths > 0 && codings > 0) return broken("both Content-Length and Transfer-Encoding");
    if (lengths > 0 && fields[http::field::content_length].find(',') != boost::beast::string_view::npos)
        return broken("a list of lengths");
    if (codings > 0 && joined(fields, http::field::transfer_encoding) != "chunked")
        return broken("a transfer encoding other than chunked");
    return std::nullopt;
}

}  // namespace

struct answer_reader::state {
    explicit state(answer_limits l) : limits(l) { start(); }

    void start() {
        reading.emplace();
        reading->header_limit(static_cast<std::uint32_t>(limits.header_bytes));
        reading->body_limit(limits.body_bytes);
        reading->eager(true);
        framing_checked = false;
    }

    // The head is checked as soon as it is there, before a byte of the body is believed.
    std::optional<failure> parse() {
        while (!unparsed.empty() && !reading->is_done()) {
            boost::beast::error_code error;
            const std::size_t used = reading->put(boost::asio::buffer(unparsed), error);
            unparsed.erase(0, used);
            if (reading->is_header_done() && !framing_checked) {
                framing_checked = true;
                if (auto bad = check_framing(reading->get().base())) return bad;
            }
            if (error == http::error::need_more) break;
            if (error) return explain(error);
            if (reading->is_done() && reading->get().result_int() / 100 == 1)
                if (auto bad = skip_interim()) return bad;
        }
        if (unparsed.size() > limits.header_bytes + unparsed_beyond_head && !reading->is_done())
            return broken("a chunk header without end");
        return std::nullopt;
    }

    std::optional<failure> skip_interim() {
        if (reading->get().result_int() == 101) return broken("an upgrade that was not asked for");
        if (++interim_answers > most_interim_answers) return broken("only interim answers");
        start();
        return std::nullopt;
    }

    failure explain(const boost::beast::error_code& error) const {
        if (error == http::error::header_limit)
            return broken("a head of more than " + std::to_string(limits.header_bytes) + " bytes");
        if (error == http::error::body_limit)
            return broken("a body of more than " + std::to_string(limits.body_bytes) + " bytes");
        return broken(error.message());
    }

    answer_limits limits;
    std::optional<parser> reading;
    std::string unparsed;
    bool framing_checked = false;
    bool begun = false;
    int interim_answers = 0;
};

answer_reader::answer_reader(answer_limits limits) : state_(std::make_unique<state>(limits)) {}
answer_reader::~answer_reader() = default;
answer_reader::answer_reader(answer_reader&&) noexcept = default;

std::optional<failure> answer_reader::take(std::string_view received) {
    if (!received.empty()) state_->begun = true;
    state_->unparsed.append(received);
    return state_->parse();
}

std::optional<failure> answer_reader::take_end(end_of_stream how) {
    parser& reading = *state_->reading;
    if (reading.is_done()) return std::nullopt;
    if (!state_->begun)
        return failure(errc::connection_lost, "The connection was closed before any answer came.");
    // Only a close that the server signed may say where a body ends; a cut looks the same to TCP (N04).
    if (how == end_of_stream::by_close_notify && reading.got_some() && reading.is_header_done() && reading.need_eof()) {
        boost::beast::error_code error;
        reading.put_eof(error);
        if (!error && reading.is_done()) return std::nullopt;
    }
    return failure(errc::connection_lost, "The answer was cut off in the middle; nothing of it was used.");
}

bool answer_reader::is_whole() const { return state_->reading->is_done(); }
bool answer_reader::has_begun() const { return state_->begun; }

raw_answer answer_reader::release() {
    const bool had_clear_end = !state_->reading->need_eof();
    auto message = state_->reading->release();
    raw_answer out;
    out.may_keep_connection = had_clear_end && message.keep_alive() && state_->unparsed.empty();
    out.content_encoding = joined(message, http::field::content_encoding);
    out.location = first(message, http::field::location);
    out.answer.status = static_cast<int>(message.result_int());
    out.answer.date = first(message, http::field::date);
    out.answer.content_type = first(message, http::field::content_type);
    out.answer.etag = first(message, http::field::etag);
    const auto waits = message.equal_range(http::field::retry_after);
    for (auto at = waits.first; at != waits.second; ++at)
        out.answer.retry_after.emplace_back(at->value().data(), at->value().size());
    out.answer.body = std::move(message.body());
    return out;
}

}  // namespace mdock::net
