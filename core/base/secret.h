// SPDX-License-Identifier: MIT
// A token that cannot be printed, compared by accident or copied: it has no stream operator, no conversion, and is
// wiped when it goes (X06). Only reveal() gives the text, and only the transport calls it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace mdock {

class secret {
public:
    secret() = default;
    explicit secret(std::string text) : text_(std::move(text)) {}
    secret(secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
    secret& operator=(secret&& other) noexcept {
        if (this != &other) {
            wipe();
            text_ = std::move(other.text_);
            other.wipe();
        }
        return *this;
    }
    secret(const secret&) = delete;
    secret& operator=(const secret&) = delete;
    ~secret() { wipe(); }

    bool empty() const { return text_.empty(); }
    std::string_view reveal() const { return text_; }

private:
    void wipe() noexcept {
        // The whole buffer: a short text that was moved away has left its bytes behind a size of 0.
        text_.resize(text_.capacity());
        // A volatile pointer keeps the compiler from dropping the stores to memory that is about to be freed.
        volatile char* bytes = text_.data();
        for (std::size_t i = 0; i < text_.size(); ++i) bytes[i] = 0;
        text_.clear();
    }

    std::string text_;
};

}  // namespace mdock
