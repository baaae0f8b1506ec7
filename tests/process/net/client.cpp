// SPDX-License-Identifier: MIT
#include "tests/process/net/client.h"

#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

namespace net_test {
namespace {

namespace asio = boost::asio;
using answer = mdock::result<mdock::http_answer>;

struct scratch_folder {
    scratch_folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "mdock-net-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("no scratch folder");
        path = pattern;
    }
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::filesystem::path path;
};

mdock::http_request request_of(const std::string& method, const std::string& target, const std::string& body,
                               bool compressed) {
    mdock::http_request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.wants_body_compressed = compressed;
    return request;
}

}  // namespace

std::string scratch_file(const std::string& name, const std::string& text) {
    static const scratch_folder folder;
    const std::string path = (folder.path / name).string();
    std::ofstream(path) << text;
    return path;
}

const certificates::identity& root() {
    static const certificates::identity made = certificates::make_root("test root");
    return made;
}

const std::string& root_file() {
    static const std::string path = scratch_file("root.pem", certificates::to_pem(root()));
    return path;
}

const certificates::identity& good_leaf() {
    static const certificates::identity made = certificates::make_leaf(root(), "DNS:localhost,IP:127.0.0.1");
    return made;
}

peer_options good_peer() {
    peer_options options;
    options.shown = good_leaf();
    return options;
}

mdock::net::transport_options options_for(const tls_peer& peer) {
    mdock::net::transport_options options;
    options.base_url = peer.url("localhost");
    options.ca_file = root_file();
    options.connect_timeout = 5s;
    options.request_timeout = 8s;
    options.addresses = {"127.0.0.1"};
    return options;
}

client::client(mdock::net::transport_options options, std::string token) {
    auto made = mdock::net::transport::create(io_.get_executor(), std::move(options), mdock::secret(std::move(token)));
    if (!made) throw std::runtime_error(made.error().context());
    transport_ = std::move(*made);
}

answer client::send(const std::string& method, const std::string& target, const std::string& body, bool compressed) {
    std::optional<answer> outcome;
    asio::co_spawn(io_, transport_->send("test.step", request_of(method, target, body, compressed)),
                   [&](std::exception_ptr error, answer value) {
                       if (error) std::rethrow_exception(error);
                       outcome.emplace(std::move(value));
                   });
    io_.restart();
    io_.run();
    return std::move(outcome).value();
}

answer client::get_cancelled(std::chrono::milliseconds after) {
    std::optional<answer> outcome;
    asio::cancellation_signal stop;
    asio::steady_timer timer(io_, after);
    timer.async_wait([&](const auto&) { stop.emit(asio::cancellation_type::terminal); });
    const auto kept = [&](std::exception_ptr error, answer value) {
        if (error) std::rethrow_exception(error);
        outcome.emplace(std::move(value));
    };
    asio::co_spawn(io_, transport_->send("test.step", request_of("GET", "/entries", "", true)),
                   asio::bind_cancellation_slot(stop.slot(), kept));
    io_.restart();
    io_.run();
    return std::move(outcome).value();
}

std::string shown(const answer& outcome) {
    if (outcome) return std::to_string(outcome->status) + " " + outcome->body;
    return std::string(mdock::name_of(outcome.error().code())) + ": " + outcome.error().context();
}

mdock::errc code_of(const answer& outcome) {
    if (outcome) return mdock::errc::none;
    const mdock::failure why = outcome.error();
    EXPECT_EQ(why.context().find(token_text), std::string::npos) << "X06: the token is in a failure";
    EXPECT_FALSE(why.context().empty());
    EXPECT_EQ(why.context().find('\n'), std::string::npos) << "a failure is one line";
    return why.code();
}

}  // namespace net_test
