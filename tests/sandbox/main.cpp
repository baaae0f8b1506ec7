// SPDX-License-Identifier: MIT
// mdock-sandbox: the make-believe MinuteDock as a program. It is told everything on the command line, tells everything
// in one line of JSON, and keeps nothing.
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <system_error>

#include "daemon/host/stop_signals.h"
#include "tests/sandbox/arguments.h"
#include "tests/sandbox/listener.h"

namespace {

namespace json = boost::json;

std::string random_token() {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) throw std::runtime_error("OpenSSL has no randomness");
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "control-";
    for (const unsigned char byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xfU];
    }
    return text;
}

// The folder with ca.pem; one that was made for it goes with it.
class ca_folder {
public:
    explicit ca_folder(const std::string& given) : path_(given.empty() ? temporary() : std::filesystem::path(given)), is_ours_(given.empty()) {
        std::filesystem::create_directories(path_);
    }
    ~ca_folder() {
        std::error_code ignored;
        if (is_ours_) std::filesystem::remove_all(path_, ignored);
    }
    ca_folder(const ca_folder&) = delete;
    ca_folder& operator=(const ca_folder&) = delete;

    std::string write(const std::string& pem) const {
        const std::filesystem::path file = std::filesystem::absolute(path_ / "ca.pem");
        std::ofstream out(file);
        out << pem;
        out.close();
        if (!out) throw std::runtime_error(file.string() + " cannot be written");
        return file.string();
    }

private:
    static std::filesystem::path temporary() {
        std::string pattern = (std::filesystem::temp_directory_path() / "mdock-sandbox-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::system_error(errno, std::generic_category(), "no temporary folder");
        return pattern;
    }

    std::filesystem::path path_;
    bool is_ours_;
};

json::object ready_line(sandbox::world& all, unsigned short port, const std::string& ca_file) {
    const std::string host = "https://127.0.0.1:" + std::to_string(port);
    json::object tokens;
    for (const auto& [name, token] : sandbox::known_tokens()) tokens[name] = token;
    minutedock::call as_admin;
    as_admin.bearer = sandbox::token_called("admin");
    const auto admin = all.model().identify(as_admin);
    const minutedock::state& account = all.model().account();
    return json::object{
        {"url", host + "/api/v1"},
        {"ca_file", ca_file},
        {"tokens", std::move(tokens)},
        {"keys", json::object{{"admin", minutedock::admin_key}, {"member", minutedock::plain_key}}},
        {"account_id", account.account_id},
        {"account_name", account.account_name},
        {"user_account_id", admin.who ? admin.who->id : 0},
        {"entries", account.entries.size()},
        {"control_url", host + "/sandbox/v1"},
        {"control_token", all.control_token()}};
}

minutedock::server make_model(const sandbox::arguments& read) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    minutedock::server model(minutedock::generate_account(read.seed, read.size, now), read.how, read.seed);
    for (const auto& rule : read.faults) model.add_fault(rule);
    return model;
}

int serve(const sandbox::arguments& read) {
    sandbox::world all(make_model(read), random_token());
    all.set(read.set_to);
    const certificates::identity root = certificates::make_root("mdock-sandbox");
    const certificates::identity leaf = certificates::make_leaf(root, "DNS:localhost,IP:127.0.0.1");
    const ca_folder folder(read.ca_folder);
    const std::string ca_file = folder.write(certificates::to_pem(root));

    boost::asio::io_context io(1);
    mdock::host::stop_signals stop(io.get_executor(), [&io](int) { io.stop(); });
    const sandbox::listener open(io, all, leaf, read.port);
    std::cout << json::serialize(ready_line(all, open.port(), ca_file)) << std::endl;
    io.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto read = sandbox::read_arguments(argc, argv);
    if (const int* code = std::get_if<int>(&read)) return *code;
    try {
        return serve(std::get<sandbox::arguments>(read));
    } catch (const std::exception& why) {
        std::cerr << "mdock-sandbox: " << why.what() << "\n";
        return 1;
    }
}
