// SPDX-License-Identifier: MIT
#include "core/api/requests.h"

namespace mdock::api {
namespace {

http_request get(std::string target) {
    http_request request;
    request.target = std::move(target);
    return request;
}

}  // namespace

http_request list_dated(const list_query& query) {
    std::string target = "/" + std::string(name_of(query.which)) + "?from=" + format_date(query.from) +
                         "&to=" + format_date(query.to) + "&limit=" + std::to_string(page_limit);
    if (query.which == resource::entries) {
        target += "&user_accounts=" + (query.user_account_id ? std::to_string(*query.user_account_id) : "all");
        if (query.contact_id) target += "&contacts=" + (*query.contact_id == 0 ? "null" : std::to_string(*query.contact_id));
        if (query.task_id) target += "&tasks=" + std::to_string(*query.task_id);
    } else if (query.which == resource::expenses) {
        if (query.user_account_id) target += "&user_account_id=" + std::to_string(*query.user_account_id);
        if (query.contact_id) target += "&contact_id=" + std::to_string(*query.contact_id);
    } else if (query.which == resource::invoices) {
        if (query.contact_id) target += "&contact_id=" + std::to_string(*query.contact_id);
        target += query.is_archived ? "&archived=true" : "&archived=false";
    }
    // The Z form has no '+', which would have to be escaped (C2 rule 1).
    if (query.since) target += "&since=" + format_rfc3339(*query.since);
    if (query.offset > 0) target += "&offset=" + std::to_string(query.offset);
    return get(std::move(target));
}

http_request list_whole(resource which, std::optional<bool> active) {
    std::string target = "/" + std::string(name_of(which));
    if (active) target += *active ? "?active=true" : "?active=false";
    return get(std::move(target));
}

http_request get_one(resource which, std::int64_t id) {
    return get("/" + std::string(name_of(which)) + "/" + std::to_string(id));
}

http_request get_dock() { return get("/dock"); }

http_request get_me() { return get("/users/me"); }

http_request get_current_account() { return get("/accounts/current"); }

http_request report_counts(std::chrono::sys_days from, std::chrono::sys_days to, std::string_view group_by) {
    http_request request;
    request.method = "POST";
    request.target = "/reports/generate";
    request.body = R"({"from":")" + format_date(from) + R"(","to":")" + format_date(to) + R"(","user_accounts":"all")";
    if (!group_by.empty()) request.body += R"(,"group_by":[")" + std::string(group_by) + R"("])";
    request.body += "}";
    return request;
}

}  // namespace mdock::api
