// SPDX-License-Identifier: MIT
#include "core/api/decode.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse_options.hpp>

#include "core/api/row_handler.h"

namespace mdock::api {
namespace {

// Deeper than any documented answer by far; bounds the parser's own stack (H09).
constexpr std::size_t deepest = 32;

struct parsed {
    bool has_null_document = false;
    bool has_children = false;
};

bool is_blank(std::string_view body) { return body.find_first_not_of(" \t\r\n") == std::string_view::npos; }

result<parsed> parse(root shape, model::row_batch& rows, model::row_batch* children, bool key_is_needed,
                     std::string_view body) {
    const std::string name{name_of(rows.which())};
    if (is_blank(body)) return failure{errc::not_json, name + ": the answer is empty where JSON belongs"};
    boost::json::parse_options options;
    options.max_depth = deepest;
    boost::json::basic_parser<row_handler> parser(options, shape, rows, children, key_is_needed);
    boost::json::error_code ec;
    const std::size_t read = parser.write_some(false, body.data(), body.size(), ec);
    if (!parser.handler().refusal().empty()) return failure{errc::bad_shape, parser.handler().refusal()};
    if (!ec && (!parser.done() || !is_blank(body.substr(read)))) ec = boost::json::make_error_code(boost::json::error::extra_data);
    if (ec) {
        const bool is_html = body.find_first_not_of(" \t\r\n") < body.size() && body[body.find_first_not_of(" \t\r\n")] == '<';
        return failure{errc::not_json, name + (is_html ? ": a web page where JSON belongs (a login page of the network?)"
                                                       : ": no valid JSON (" + ec.message() + ")")};
    }
    return parsed{parser.handler().saw_null_document(), parser.handler().saw_children()};
}

}  // namespace

result<model::row_batch> decode_list(resource which, std::string_view body) {
    model::row_batch rows{which};
    const auto outcome = parse(root::list, rows, nullptr, true, body);
    if (!outcome) return outcome.error();
    return rows;
}

result<model::row_batch> decode_one(resource which, std::string_view body) {
    model::row_batch rows{which};
    const auto outcome = parse(root::object, rows, nullptr, true, body);
    if (!outcome) return outcome.error();
    if (rows.size() + rows.out_of_scope != 1)
        return failure{errc::bad_shape, std::string(name_of(which)) + ": no row in the answer"};
    return rows;
}

result<invoice_detail> decode_invoice(std::string_view body) {
    invoice_detail detail;
    const auto outcome = parse(root::object, detail.invoice, &detail.lines, true, body);
    if (!outcome) return outcome.error();
    if (detail.invoice.size() != 1) return failure{errc::bad_shape, "invoices: no invoice in the answer"};
    detail.has_lines = outcome->has_children;
    return detail;
}

result<model::row_batch> decode_dock(std::string_view body, std::int64_t user_account_id) {
    model::row_batch rows{resource::dock};
    if (is_blank(body)) return rows;
    const auto outcome = parse(root::object, rows, nullptr, false, body);
    if (!outcome) return outcome.error();
    if (rows.empty()) return rows;
    model::cell& key = rows.row(0)[rows.columns().key];
    if (key.type == model::cell_type::null) key = model::cell::of(user_account_id);
    if (key.integer != user_account_id)
        return failure{errc::bad_shape, "dock.user_account_id: the timer of another user than this token's"};
    return rows;
}

}  // namespace mdock::api
